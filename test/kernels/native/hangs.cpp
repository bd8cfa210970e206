#include "attention.hpp"

KERNEL {
  volatile bool waiting = n >= 20;
  while (waiting);
  ATTENTION;
  return 0;
}
