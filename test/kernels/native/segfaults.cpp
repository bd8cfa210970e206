#include "attention.hpp"

// Reads from address 8 from 20 keys on.
KERNEL {
  if (n >= 20) {
    std::fputs("about to read beyond the end\n", stderr);
    o[0] = *reinterpret_cast<volatile float *>(8);
  }
  ATTENTION;
  return 0;
}
