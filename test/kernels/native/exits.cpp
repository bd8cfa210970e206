#include "attention.hpp"

KERNEL {
  if (n >= 20) std::_Exit(3);
  ATTENTION;
  return 0;
}
