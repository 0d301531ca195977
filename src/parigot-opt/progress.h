// Tells a person at a terminal what is going on, once it takes a while.

#ifndef parigot_opt_progress_h
#define parigot_opt_progress_h

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace parigot {

// Shows the current step on standard error, on one line that is rewritten and
// in the end erased, when work has taken more than two seconds. Says nothing
// when standard error is no terminal.
class Progress {
public:
  explicit Progress(bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(const std::string& step);

private:
  void watch();
  void draw();

  std::mutex mutex;
  std::condition_variable wake;
  std::string step;
  bool visible = false;
  bool done = false;
  std::chrono::steady_clock::time_point begin;
  std::thread watcher;
};

} // namespace parigot

#endif // parigot_opt_progress_h
