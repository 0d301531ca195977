#include "parigot-opt/progress.h"

#include <cstdio>

#include <unistd.h>

namespace parigot {

namespace {

constexpr auto patience = std::chrono::seconds(2);

} // namespace

Progress::Progress(bool quiet) : begin(std::chrono::steady_clock::now()) {
  if (!quiet && isatty(STDERR_FILENO)) {
    watcher = std::thread([this]() { watch(); });
  }
}

Progress::~Progress() {
  if (!watcher.joinable()) {
    return;
  }
  {
    std::lock_guard<std::mutex> lock(mutex);
    done = true;
  }
  wake.notify_one();
  watcher.join();
  if (visible) {
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
  }
}

void Progress::show(const std::string& next) {
  std::lock_guard<std::mutex> lock(mutex);
  step = next;
  if (visible) {
    draw();
  }
}

void Progress::watch() {
  std::unique_lock<std::mutex> lock(mutex);
  wake.wait_until(lock, begin + patience, [this]() { return done; });
  while (!done) {
    visible = true;
    draw();
    wake.wait_for(lock, std::chrono::seconds(1), [this]() { return done; });
  }
}

void Progress::draw() {
  auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begin).count();
  std::fprintf(stderr, "\r\033[K%3lld s  %s ...", (long long)seconds, step.c_str());
  std::fflush(stderr);
}

} // namespace parigot
