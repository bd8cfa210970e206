// Compares the numbers of the command line with the output `o` of the first case of a folder, and prints what attention_cts.hpp tells.
#include <iostream>

#include "attention_cts.hpp"

int main(int count, char** arguments) {
  try {
    const attention_cts::Vectors vectors(arguments[1]);
    const attention_cts::Case& c = vectors[0];
    std::vector<double> o;
    for (int i = 2; i < count; i++) o.push_back(std::strtod(arguments[i], nullptr));
    const auto x = c.inputs();
    attention_cts::Json told = {{"name", c.name()}, {"operator", c.operator_name()}, {"dtype", c.dtype()}, {"mask", c.mask()}, {"n", c.dim("n")}};
    told["options"] = {c.option("scale", 1), c.option("softcap", 7)};
    told["inputs"] = {x["q"].floats(), x["q"].bits<std::uint16_t>(), x["mask"].bools(), x["mask"].integers()};
    const auto found = c.check({{"o", o}});
    told["found"] = {{"within", found.within}, {"message", found.message}, {"index", found.index}, {"elements", found.elements}, {"undecided", found.undecided}};
    std::cout << told.dump() << "\n";
    return found ? 0 : 1;
  } catch (const std::exception& error) {
    std::cout << error.what() << "\n";
    return 2;
  }
}
