#include <holdfast/datastore.h>

#include <iostream>

#include "notes.h"

int main(int count, char** words) {
  if (count != 2) return 2;
  auto store = holdfast::DataStore::open(notes::schema(), {.path = words[1]});
  if (!store) {
    std::cerr << store.error().message << "\n";
    return 1;
  }
  store->save(notes::Note{.id = {}, .text = "kept"}).value();
  const auto found = store->query<notes::Note>(notes::Note::fields::text == "kept").value();
  std::cout << found.size() << " kept\n";
  return found.size() == 1 ? 0 : 1;
}
