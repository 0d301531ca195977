// Shows progress at a terminal when work takes more than two seconds.

#ifndef parigot_opt_progress_h
#define parigot_opt_progress_h

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace parigot {

// Shows the current step on standard error, once two seconds have passed: one line that is rewritten, and erased at the
// end. Prints nothing if standard error is no terminal.
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
