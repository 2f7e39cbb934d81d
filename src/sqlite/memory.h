// What SQLite does about the memory of the whole process.
#pragma once

namespace holdfast::sqlite {

/// SQLite counts the memory that it has, under one lock of the process: some sixty times a write of the backend, of
/// whichever connection. Programs of ours ask nobody for that number; a library must leave it to the application.
/// Before the first connection of the process is opened; false, and nothing changes, afterwards.
bool stop_counting_memory() noexcept;

}  // namespace holdfast::sqlite
