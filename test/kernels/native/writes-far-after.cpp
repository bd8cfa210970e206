#include "attention.hpp"

// 800 kB after the output
KERNEL {
  ATTENTION;
  if (n >= 20) lse[200000] = 0;
  return 0;
}
