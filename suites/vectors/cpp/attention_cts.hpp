// Reads the vectors that `attn-cts vectors` exports, and compares the outputs of a kernel with their expected values and bounds.
// C++17, little-endian; needs nlohmann/json 3.9 or newer. attention_cts_gtest.hpp and attention_cts_catch2.hpp include this header.
//
//   for (const attention_cts::Case& c : attention_cts::Vectors("vectors")) {
//     const auto x = c.inputs();
//     std::vector<float> o = my_attention(x["q"].floats(), x["k"].floats(), x["v"].floats(), c.dim("n"), …);
//     if (const auto found = c.check({{"o", o}}); !found) std::cerr << c.name() << ": " << found.message << "\n";
//   }
#pragma once
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace attention_cts {
using Json = nlohmann::json;

/// A folder or file is missing or malformed, or has no part of this name.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

namespace detail {
inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error("no such file: " + path + "; npx attention-cts vectors --out DIR writes vectors");
  return std::string(std::istreambuf_iterator<char>(file), {});
}

/// Runs a reader of JSON. @throws Error that names the file.
template <class Read>
auto in_file(const std::string& path, Read read) {
  try {
    return read();
  } catch (const Json::exception& error) {
    throw Error(path + ": " + error.what());
  }
}

/// Widens a number of few bits, exactly. `finite` marks a format without infinities, whose only NaN has all bits set.
inline double widen(std::uint32_t bits, int exponent_bits, int mantissa_bits, bool finite) {
  const std::uint32_t top = (1u << exponent_bits) - 1, all = (1u << mantissa_bits) - 1;
  const std::uint32_t exponent = bits >> mantissa_bits & top, mantissa = bits & all;
  const double sign = bits >> (exponent_bits + mantissa_bits) & 1 ? -1 : 1;
  const int least = 2 - (1 << (exponent_bits - 1)) - mantissa_bits;
  if (exponent == top && (!finite || mantissa == all)) return mantissa == 0 ? sign * INFINITY : NAN;
  if (exponent == 0) return sign * std::ldexp(mantissa, least);
  return sign * std::ldexp(mantissa | (all + 1), static_cast<int>(exponent) - 1 + least);
}

template <class T>
T load(const char* from) {
  T x;
  return std::memcpy(&x, from, sizeof x), x;
}

inline double number_at(const char* from, const std::string& dtype) {
  if (dtype == "f32") return load<float>(from);
  if (dtype == "f64") return load<double>(from);
  if (dtype == "f16") return widen(load<std::uint16_t>(from), 5, 10, false);
  if (dtype == "bf16") return widen(load<std::uint16_t>(from), 8, 7, false);
  if (dtype == "f8e4m3") return widen(load<std::uint8_t>(from), 4, 3, true);
  if (dtype == "f8e5m2") return widen(load<std::uint8_t>(from), 5, 2, false);
  if (dtype == "i32") return load<std::int32_t>(from);
  return dtype == "i8" ? load<std::int8_t>(from) : load<std::uint8_t>(from);
}

/// Shortest text that gives the number back.
inline std::string text_of(double x) {
  if (std::isnan(x)) return "NaN";
  if (std::isinf(x)) return x > 0 ? "Infinity" : "-Infinity";
  const std::string text = Json(x).dump();
  return text.size() > 2 && text.compare(text.size() - 2, 2, ".0") == 0 ? text.substr(0, text.size() - 2) : text;
}

inline std::string rounded(const char* form, double x) {
  char text[40];
  return std::snprintf(text, sizeof text, form, x), text;
}
}  // namespace detail

/// A tensor of a vector: row-major, contiguous.
struct Tensor {
  /// Type as the suite names it: f64 f32 f16 bf16 f8e4m3 f8e5m2 i32 i8 u8 bool.
  std::string dtype;
  std::vector<std::int64_t> shape;
  /// Numbers of any type, exactly; true is 1.
  std::vector<double> numbers;
  /// Elements as stored, and the bytes of one.
  std::string bytes;
  std::size_t width = 0;

  std::size_t size() const { return numbers.size(); }
  /// Numbers as float: exact for all types but f64 and i32.
  std::vector<float> floats() const { return {numbers.begin(), numbers.end()}; }
  std::vector<std::int64_t> integers() const { return {numbers.begin(), numbers.end()}; }
  std::vector<std::uint8_t> bools() const { return {numbers.begin(), numbers.end()}; }
  /// Elements as stored, such as `bits<std::uint16_t>()` of bf16. @throws Error if T has another size than an element.
  template <class T>
  std::vector<T> bits() const {
    if (sizeof(T) != width) throw Error("an element of " + dtype + " has " + std::to_string(width) + " bytes");
    std::vector<T> found(size());
    if (!found.empty()) std::memcpy(found.data(), bytes.data(), bytes.size());
    return found;
  }
};

/// Tensors by name.
struct Tensors : std::map<std::string, Tensor> {
  /// @throws Error for a name that is not there.
  const Tensor& operator[](const std::string& name) const {
    if (const auto found = find(name); found != end()) return found->second;
    std::string names;
    for (const auto& entry : *this) names += " " + entry.first;
    throw Error("found no tensor \"" + name + "\" in this case, allowed:" + names);
  }
};

/// An output of a kernel: its name, and its elements in row-major order, from any container or array of numbers.
struct Output {
  template <class Values>
  Output(std::string output, const Values& numbers) : name(std::move(output)), values(std::begin(numbers), std::end(numbers)) {}
  template <class T>
  Output(std::string output, const T* numbers, std::size_t size) : name(std::move(output)), values(numbers, numbers + size) {}
  std::string name;
  std::vector<double> values;
};
using Outputs = std::vector<Output>;

/// Result of a comparison, with its worst element. False if an element is out of its bound.
struct Comparison {
  bool within = true;
  /// Says what is wrong; empty if all elements are within their bounds.
  std::string message;
  /// Worst element: a wrong one, or else one within its bound. Without any, `index` is empty and the ratio is −1.
  std::string output;
  std::vector<std::int64_t> index;
  double actual = 0, expected = 0, bound = 0;
  /// Error ÷ bound; infinite if the bound is 0, or if one of the numbers is NaN or infinite.
  double ratio = -1;
  /// Elements compared, and elements with an infinite bound, which decides nothing.
  std::size_t elements = 0, undecided = 0;
  explicit operator bool() const { return within; }
};

/// One case: the inputs of a call, and its expected outputs.
class Case {
 public:
  Case(const std::string& folder, const Json& index, std::size_t number)
      : check_(index.at("check")), pass_(index.at("pass")), path_(index.at("file")), json_(index.at("case")), number_(number) {
    path_ = folder + "/" + path_;
  }

  /// Check and number within it, such as "softmax/causal/oracle/f32 2".
  std::string name() const { return check_ + " " + std::to_string(number_); }
  const std::string& check_id() const { return check_; }
  /// "forward", or "backward" for a case with `do` whose outputs are gradients.
  const std::string& pass() const { return pass_; }
  const std::string& path() const { return path_; }
  /// The whole case, as docs/contracts/cases.md describes it.
  const Json& json() const { return json_; }
  std::string operator_name() const { return json_.at("operator"); }
  std::string dtype() const { return json_.at("dtype"); }
  /// Name of the mask; empty for a composed mask. A mask that is not claimed by name comes as the tensor "mask".
  std::string mask() const { return json_.at("mask").value("name", ""); }
  std::int64_t dim(const std::string& name) const { return json_.at("dims").at(name); }
  /// Number of an option, or its default if the case leaves it out.
  double option(const std::string& name, double otherwise) const { return json_.at("options").value(name, otherwise); }

  /// Inputs by name.
  Tensors inputs() const { return tensors(false); }
  /// `expected.X` and `bound.X` in f64, for each output X.
  Tensors expected() const { return tensors(true); }

  /// Compares outputs with the expected values: an element passes if |x − expected| ≤ bound, or if both are the same infinity or
  /// NaN; an infinite bound decides nothing. An output that is not given is not compared.
  Comparison check(const Outputs& outputs) const {
    Comparison found;
    const Tensors all = expected();
    const auto refused = [&](std::string message) { return found.within = false, found.message = std::move(message), found; };
    if (outputs.empty()) return refused("no output was given");
    for (const auto& [name, values] : outputs) {
      if (all.count("expected." + name) == 0) return refused("this case has no output \"" + name + "\"");
      const std::size_t size = all["expected." + name].size();
      const std::string count = std::to_string(values.size());
      if (values.size() != size) return refused(name + " has " + count + " elements, expected " + std::to_string(size));
    }
    for (const Output& output : outputs) compare(output, all["expected." + output.name], all["bound." + output.name], found);
    if (!found.within) found.message = message_of(found);
    return found;
  }

 private:
  /// Order in which a wrong element is named: finite numbers first, and an LSE after the other outputs.
  static int rank(const std::string& output, double x, double r) {
    return !std::isfinite(x) || !std::isfinite(r) ? 2 : output == "lse" ? 1 : 0;
  }

  static void compare(const Output& output, const Tensor& values, const Tensor& bounds, Comparison& worst) {
    for (std::size_t i = 0; i < values.size(); i++) {
      const double x = output.values[i], r = values.numbers[i], limit = bounds.numbers[i];
      const bool same = x == r || (std::isnan(x) && std::isnan(r));
      const bool undecided = !same && std::isinf(limit);
      ++(undecided ? worst.undecided : worst.elements);
      if (undecided) continue;
      const double error = same ? 0 : std::fabs(x - r);
      const bool within = error <= limit;
      const double ratio = same ? 0 : std::isfinite(error) ? error / limit : INFINITY;
      if (within > worst.within) continue;
      if (within == worst.within && worst.ratio >= 0) {
        const int order = within ? 0 : rank(output.name, x, r) - rank(worst.output, worst.actual, worst.expected);
        if (order > 0 || (order == 0 && ratio <= worst.ratio)) continue;
      }
      std::vector<std::int64_t> index(values.shape.size());
      for (std::size_t axis = index.size(), at = i; axis-- > 0; at /= values.shape[axis]) index[axis] = at % values.shape[axis];
      worst = {within, "", output.name, index, x, r, limit, ratio, worst.elements, worst.undecided};
    }
  }

  static std::string message_of(const Comparison& worst) {
    std::string text = worst.output + "[";
    for (const std::int64_t i : worst.index) text += (text.back() == '[' ? "" : ", ") + std::to_string(i);
    text += "] is " + detail::text_of(worst.actual) + ", expected " + detail::text_of(worst.expected);
    if (std::isinf(worst.ratio)) return text;
    const std::string times = detail::rounded(worst.ratio < 1e3 ? "%.3g" : worst.ratio < 1e7 ? "%.0f" : "%.1e", worst.ratio);
    return text + " within " + detail::rounded("%.3g", worst.bound) + ": off by " + times + " times the bound";
  }

  Tensors tensors(bool expected) const {
    const std::string file = detail::read_file(path_);
    const std::uint64_t length = file.size() < 8 ? 0 : detail::load<std::uint64_t>(file.data());
    if (file.size() < 8 || length > file.size() - 8) throw Error(path_ + ": the header is cut off");
    const std::string data = file.substr(8 + length);
    return detail::in_file(path_, [&] {
      const Json header = Json::parse(file.substr(8, length));
      Tensors found;
      for (const auto& [name, entry] : header.items()) {
        const bool is_expected = name.rfind("expected.", 0) == 0 || name.rfind("bound.", 0) == 0;
        if (name != "__metadata__" && is_expected == expected) found.emplace(name, tensor(data, name, entry));
      }
      return found;
    });
  }

  Tensor tensor(const std::string& data, const std::string& name, const Json& entry) const {
    static const std::map<std::string, std::pair<const char*, std::size_t>> types = {
        {"F64", {"f64", 8}}, {"F32", {"f32", 4}}, {"F16", {"f16", 2}}, {"BF16", {"bf16", 2}}, {"F8_E4M3", {"f8e4m3", 1}},
        {"F8_E5M2", {"f8e5m2", 1}}, {"I32", {"i32", 4}}, {"I8", {"i8", 1}}, {"U8", {"u8", 1}}, {"BOOL", {"bool", 1}}};
    const auto type = types.find(entry.at("dtype").get<std::string>());
    if (type == types.end()) throw Error(path_ + ": " + name + " has the unknown type " + entry.at("dtype").dump());
    Tensor t;
    std::tie(t.dtype, t.width) = type->second;
    t.shape = entry.at("shape").get<std::vector<std::int64_t>>();
    std::uint64_t size = 1;
    for (const std::int64_t extent : t.shape) size *= static_cast<std::uint64_t>(extent);
    const auto [begin, end] = entry.at("data_offsets").get<std::pair<std::uint64_t, std::uint64_t>>();
    if (begin > end || end > data.size() || end - begin != size * t.width)
      throw Error(path_ + ": the data of " + name + " does not fit its shape, or is cut off");
    t.bytes = data.substr(begin, end - begin);
    for (std::uint64_t i = 0; i < size; i++) t.numbers.push_back(detail::number_at(t.bytes.data() + i * t.width, t.dtype));
    return t;
  }

  std::string check_, pass_, path_;
  Json json_;
  std::size_t number_;
};

/// All cases of a folder of vectors, in the order of its index.
class Vectors {
 public:
  /// @throws Error if the folder has no index of a known format, or no vectors.
  explicit Vectors(const std::string& folder) {
    const std::string path = folder + "/index.json", text = detail::read_file(path);
    detail::in_file(path, [&] {
      const Json index = Json::parse(text);
      if (index.at("format") != 1) throw Error(path + ": found format " + index.at("format").dump() + ", allowed: 1");
      std::map<std::string, std::size_t> numbers;
      for (const Json& vector : index.at("vectors")) cases_.emplace_back(folder, vector, numbers[vector.at("check")]++);
    });
    if (cases_.empty()) throw Error(path + " lists no vectors");
  }
  std::size_t size() const { return cases_.size(); }
  const Case& operator[](std::size_t i) const { return cases_.at(i); }
  auto begin() const { return cases_.begin(); }
  auto end() const { return cases_.end(); }

 private:
  std::vector<Case> cases_;
};
}  // namespace attention_cts
