// Reads a vector of `attn-cts vectors` and holds a kernel to it. C++17, nothing else: c++ -std=c++17 read_vectors.cpp && ./a.out FILE...
#include <cmath>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

struct Tensor {
  std::vector<int64_t> shape;
  const char* data = nullptr;  // row-major, little-endian, aligned to the element
  explicit operator bool() const { return data; }
  float f32(int64_t i) const { float x; return std::memcpy(&x, data + 4 * i, 4), x; }
  double f64(int64_t i) const { double x; return std::memcpy(&x, data + 8 * i, 8), x; }
};

struct Vector {
  std::string bytes, header;
  explicit Vector(const char* path) {
    std::ifstream file(path, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(file), {});
    uint64_t length = 0;
    std::memcpy(&length, bytes.data(), 8);
    header = bytes.substr(8, length);
  }
  // The header is JSON without spaces: "name":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}
  Tensor at(const std::string& name) const {
    Tensor t;
    size_t from = header.find("\"" + name + "\":{\"dtype\"");
    if (from == std::string::npos) return t;
    const char* p = header.c_str() + header.find("\"shape\":[", from) + 9;
    for (char* end; *p != ']'; p = *end == ',' ? end + 1 : end) t.shape.push_back(std::strtoll(p, &end, 10));
    t.data = bytes.data() + 8 + header.size() + std::strtoll(header.c_str() + header.find("data_offsets\":[", from) + 15, nullptr, 10);
    return t;
  }
  // A number of the case, which is JSON in a JSON string: \"scale\":0.125
  double option(const std::string& name, double otherwise) const {
    size_t from = header.find("\\\"" + name + "\\\":");
    return from == std::string::npos ? otherwise : std::strtod(header.c_str() + from + name.size() + 5, nullptr);
  }
};

// Put your own here: o and lse of a float32 forward call. This one knows masks as a tensor, scale, softcap and sink.
void kernel(const Vector& x, std::vector<float>& o, std::vector<float>& lse) {
  Tensor q = x.at("q"), k = x.at("k"), v = x.at("v"), mask = x.at("mask"), sink = x.at("sink");
  int64_t B = q.shape[0], H = q.shape[1], M = q.shape[2], D = q.shape[3], K = k.shape[1], N = k.shape[2], E = v.shape[3];
  double scale = x.option("scale", 1 / std::sqrt(double(D))), cap = x.option("softcap", 0);
  for (int64_t b = 0; b < B; b++)
    for (int64_t h = 0; h < H; h++)
      for (int64_t i = 0; i < M; i++) {
        int64_t row = (b * H + h) * M + i, keys = (b * K + h / (H / K)) * N;
        std::vector<double> s(N, -INFINITY), sum(E);
        double top = sink ? sink.f32(h) : -INFINITY, total = 0;
        for (int64_t j = 0; j < N; j++) {
          if (mask && !mask.data[row * N + j]) continue;
          s[j] = 0;
          for (int64_t c = 0; c < D; c++) s[j] += double(q.f32(row * D + c)) * k.f32((keys + j) * D + c);
          s[j] = cap ? cap * std::tanh(scale * s[j] / cap) : scale * s[j];
          top = std::fmax(top, s[j]);
        }
        if (sink) total = std::exp(sink.f32(h) - top);
        for (int64_t j = 0; j < N; j++) {
          if (std::isinf(s[j])) continue;
          double p = std::exp(s[j] - top);
          total += p;
          for (int64_t c = 0; c < E; c++) sum[c] += p * v.f32((keys + j) * E + c);
        }
        for (double y : sum) o.push_back(total ? float(y / total) : 0);
        lse.push_back(total ? float(top + std::log(total)) : -INFINITY);
      }
}

// Largest error ÷ bound; above 1 is wrong. An infinite bound decides nothing.
double worst(const std::vector<float>& actual, const Tensor& expected, const Tensor& bound) {
  double most = 0;
  for (size_t i = 0; i < actual.size(); i++) {
    double x = actual[i], r = expected.f64(i), limit = bound.f64(i);
    if (x == r || (std::isnan(x) && std::isnan(r)) || std::isinf(limit)) continue;
    double error = std::fabs(x - r);
    most = std::fmax(most, error <= limit ? error / limit : INFINITY);
  }
  return most;
}

int main(int argc, char** argv) {
  int wrong = 0;
  for (int a = 1; a < argc; a++) {
    Vector x(argv[a]);
    std::vector<float> o, lse;
    kernel(x, o, lse);
    double ratio = std::fmax(worst(o, x.at("expected.o"), x.at("bound.o")), worst(lse, x.at("expected.lse"), x.at("bound.lse")));
    if (ratio > 1) wrong++, std::cout << "wrong: " << argv[a] << " error / bound " << ratio << "\n";
  }
  std::cout << argc - 1 - wrong << " of " << argc - 1 << " vectors within their bounds\n";
  return wrong > 0;
}
