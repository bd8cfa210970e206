#include "attention.hpp"

KERNEL {
  ATTENTION;
  return 0;
}
