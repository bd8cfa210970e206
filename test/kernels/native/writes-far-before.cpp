#include "attention.hpp"

// 800 kB before the output
KERNEL {
  ATTENTION;
  if (n >= 20) o[-200000] = 0;
  return 0;
}
