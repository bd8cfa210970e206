#include "attention_cts_gtest.hpp"

#include "answer.hpp"

class Attention : public testing::TestWithParam<attention_cts::Case> {};

TEST_P(Attention, IsWithinBounds) {
  const auto [o, lse] = answer(GetParam());
  EXPECT_TRUE(attention_cts::within_bounds(GetParam(), {{"o", o}, {"lse", lse}}));
}

INSTANTIATE_TEST_SUITE_P(Vectors, Attention, testing::ValuesIn(vectors().begin(), vectors().end()), attention_cts::test_name);
