// attention_cts.hpp for Catch2 3, or 2: `CHECK_THAT(attention_cts::Outputs({{"o", o}}), attention_cts::WithinBounds(c))`.
#pragma once
#if __has_include(<catch2/matchers/catch_matchers.hpp>)
#include <catch2/matchers/catch_matchers.hpp>
#elif __has_include(<catch2/catch.hpp>)
#include <catch2/catch.hpp>
#else
#include <catch_amalgamated.hpp>
#endif

#include <ostream>
#include <string>
#include <utility>

#include "attention_cts.hpp"

namespace attention_cts {

/// Prints an output as its name and size where Catch2 prints values.
inline std::ostream& operator<<(std::ostream& to, const Output& output) {
  return to << output.name << "[" << output.values.size() << " elements]";
}

#ifdef CATCH_MATCHERS_HPP_INCLUDED
using OutputsMatcher = Catch::Matchers::MatcherBase<Outputs>;
#else
using OutputsMatcher = Catch::MatcherBase<Outputs>;
#endif

/// Matches outputs of which every element is within its bound; otherwise says which is the worst.
class WithinBounds : public OutputsMatcher {
 public:
  explicit WithinBounds(Case c) : case_(std::move(c)) {}

  bool match(const Outputs& outputs) const override {
    found_ = case_.check(outputs);
    return found_.within;
  }

  std::string describe() const override {
    const std::string text = "is within the bounds of " + case_.name();
    return found_ ? text : text + "\n" + found_.message + "\n  case: " + case_.json().dump() + "\n  file: " + case_.path();
  }

 private:
  Case case_;
  mutable Comparison found_;
};

}  // namespace attention_cts
