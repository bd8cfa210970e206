#include "attention.hpp"

KERNEL {
  ATTENTION;
  if (n >= 20) lse[-1] = 0;
  return 0;
}
