#include "attention.hpp"

KERNEL {
  if (n >= 20) return 7;
  ATTENTION;
  return 0;
}
