// attention_cts.hpp for GoogleTest: `EXPECT_TRUE(attention_cts::within_bounds(c, {{"o", o}}))`, and names of parameterized tests.
#pragma once
#include <gtest/gtest.h>

#include <cctype>
#include <ostream>
#include <string>

#include "attention_cts.hpp"

namespace attention_cts {

/// True if every element of the outputs is within its bound; otherwise says which is the worst.
inline testing::AssertionResult within_bounds(const Case& c, const Outputs& outputs) {
  const Comparison found = c.check(outputs);
  if (found) return testing::AssertionSuccess() << c.name() << " is within its bounds";
  return testing::AssertionFailure() << c.name() << ": " << found.message << "\n  case: " << c.json().dump() << "\n  file: " << c.path();
}

/// Name of a parameterized test: the last argument of INSTANTIATE_TEST_SUITE_P with testing::ValuesIn(Vectors::begin, end).
inline std::string test_name(const testing::TestParamInfo<Case>& info) {
  std::string name = info.param.name();
  for (char& letter : name)
    if (!std::isalnum(static_cast<unsigned char>(letter))) letter = '_';
  return name;
}

/// Prints a case by its name where GoogleTest prints parameters.
inline void PrintTo(const Case& c, std::ostream* to) { *to << c.name(); }

}  // namespace attention_cts
