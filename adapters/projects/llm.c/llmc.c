// llm.c's attention_forward and attention_backward (https://github.com/karpathy/llm.c, MIT): heads of q, k and v in one tensor [b, t, 3·h·d].
#define TESTING
#include "train_gpt2.c"

/** q, k and v, [b, t, c] each, side by side. */
static float *packed(const float *q, const float *k, const float *v, int b, int t, int c) {
    const float *const given[3] = {q, k, v};
    float *inp = (float *)malloc(sizeof(float) * 3 * b * t * c);
    if (inp == NULL) return NULL;
    for (size_t row = 0; row < (size_t)b * t; row++)
        for (int part = 0; part < 3; part++) memcpy(inp + (3 * row + part) * c, given[part] + row * c, sizeof(float) * c);
    return inp;
}

int llmc_forward(const float *q, const float *k, const float *v, int b, int h, int t, int d, float *o) {
    const int c = h * d;
    const size_t scores = (size_t)b * h * t * t;
    float *inp = packed(q, k, v, b, t, c), *preatt = (float *)malloc(sizeof(float) * scores), *att = (float *)malloc(sizeof(float) * scores);
    const int full = inp == NULL || preatt == NULL || att == NULL;
    if (!full) attention_forward(o, preatt, att, inp, b, t, c, h);
    free(inp), free(preatt), free(att);
    return full;
}

int llmc_backward(
    const float *q, const float *k, const float *v, const float *dout, int b, int h, int t, int d, float *dq, float *dk, float *dv
) {
    const int c = h * d;
    const size_t scores = (size_t)b * h * t * t, rows = (size_t)b * t;
    float *inp = packed(q, k, v, b, t, c), *preatt = (float *)malloc(sizeof(float) * scores), *att = (float *)malloc(sizeof(float) * scores);
    float *dinp = (float *)calloc(3 * rows * c, sizeof(float)), *o = (float *)malloc(sizeof(float) * rows * c);
    float *dpreatt = (float *)calloc(scores, sizeof(float)), *datt = (float *)calloc(scores, sizeof(float));
    const int full = inp == NULL || preatt == NULL || att == NULL || dinp == NULL || o == NULL || dpreatt == NULL || datt == NULL;
    if (!full) {
        attention_forward(o, preatt, att, inp, b, t, c, h);
        attention_backward(dinp, dpreatt, datt, (float *)dout, inp, att, b, t, c, h);
        float *const wanted[3] = {dq, dk, dv};
        for (size_t row = 0; row < rows; row++)
            for (int part = 0; part < 3; part++) memcpy(wanted[part] + row * c, dinp + (3 * row + part) * c, sizeof(float) * c);
    }
    free(inp), free(preatt), free(att), free(dinp), free(o), free(dpreatt), free(datt);
    return full;
}
