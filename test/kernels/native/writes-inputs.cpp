#include "attention.hpp"

// Scales its queries in place.
KERNEL {
  for (int64_t x = 0; x < int64_t(rows) * d; x++) q[x] *= scale;
  scale = 1;
  ATTENTION;
  return 0;
}
