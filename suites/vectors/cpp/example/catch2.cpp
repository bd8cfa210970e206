#include "attention_cts_catch2.hpp"

#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_test_macros.hpp>
#endif

#include "answer.hpp"

TEST_CASE("attention is within its bounds") {
  for (const attention_cts::Case& c : vectors()) {
    const auto [o, lse] = answer(c);
    CHECK_THAT(attention_cts::Outputs({{"o", o}, {"lse", lse}}), attention_cts::WithinBounds(c));
  }
}
