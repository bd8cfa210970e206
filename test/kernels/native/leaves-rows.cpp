#include "attention.hpp"

// Never comes to its last row.
KERNEL {
  if (n >= 20) rows--;
  ATTENTION;
  return 0;
}
