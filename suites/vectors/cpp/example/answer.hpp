// Calls the kernel with the inputs of a case.
#pragma once
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "attention.hpp"
#include "attention_cts.hpp"

struct Answer {
  std::vector<float> o, lse;
};

inline Answer answer(const attention_cts::Case& c) {
  const attention_cts::Tensors x = c.inputs();
  const Sizes sizes{c.dim("b"), c.dim("hk") * c.dim("g"), c.dim("hk"), c.dim("m"), c.dim("n"), c.dim("d"), c.dim("e")};
  Answer y;
  attention(sizes, x["q"].floats(), x["k"].floats(), x["v"].floats(), c.mask() == "causal", c.option("scale", 1 / std::sqrt(double(c.dim("d")))), y.o,
            y.lse);
  return y;
}

// The folder that `npx attention-cts vectors --out vectors --capabilities capabilities.json` wrote.
inline const attention_cts::Vectors& vectors() {
  static const char* folder = std::getenv("ATTENTION_CTS_VECTORS");
  static const attention_cts::Vectors found(folder ? folder : "vectors");
  return found;
}
