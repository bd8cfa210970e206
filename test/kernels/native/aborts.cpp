#include "attention.hpp"

KERNEL {
  if (n >= 20) std::abort();
  ATTENTION;
  return 0;
}
