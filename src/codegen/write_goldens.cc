// Writes the expected files of testdata/ anew, after a change that is meant: run it in the root of the source tree
// and read the difference before committing it.
#include <fstream>

#include "codegen/testing.h"

int main() {
  for (const std::string name : holdfast::codegen::golden::cases) {
    for (const auto& file : holdfast::codegen::golden::files_of(name)) {
      std::ofstream(holdfast::codegen::golden::folder_of(name) / file.name, std::ios::binary) << file.text;
    }
  }
}
