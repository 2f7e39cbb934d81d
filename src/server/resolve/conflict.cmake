holdfast_room(server_conflict
  DEPENDS base model
  SOURCES resolve/conflict.cc
  TESTS
    resolve/conflict_test.cc
    resolve/merge_laws_test.cc)
