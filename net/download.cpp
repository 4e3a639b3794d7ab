// SPDX-License-Identifier: LGPL-2.1-or-later
#include "net/download.h"

#include "engine/fingerprint.h"
#include "engine/interrupt.h"
#include "net/transfer.h"

#include <curl/curl.h>

#include <algorithm>
#include <filesystem>
#include <memory>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

constexpr auto kLook = 200ms;  // between two reports of progress

class Multi {
 public:
  Multi() { curl_multi_setopt(handle(), CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX); }

  CURLM* handle() const { return handle_.get(); }
  void add(CURL* easy) { curl_multi_add_handle(handle(), easy); }
  void remove(CURL* easy) { curl_multi_remove_handle(handle(), easy); }
  // Those that have ended since the last time.
  std::vector<std::pair<CURL*, CURLcode>> ended() {
    std::vector<std::pair<CURL*, CURLcode>> found;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(handle(), &left))
      if (message->msg == CURLMSG_DONE)
        found.emplace_back(message->easy_handle, message->data.result);
    for (const auto& [easy, code] : found) remove(easy);
    return found;
  }
  // Until something comes, the time is over, or Ctrl-C.
  void wait(std::chrono::milliseconds most) {
    curl_waitfd interrupt{Interrupt::descriptor(), CURL_WAIT_POLLIN, 0};
    curl_multi_poll(handle(), &interrupt, interrupt.fd >= 0 ? 1 : 0, static_cast<int>(most.count()),
                    nullptr);
  }

 private:
  struct Global {
    Global() { curl_global_init(CURL_GLOBAL_DEFAULT); }
    ~Global() { curl_global_cleanup(); }
  };
  struct Cleanup {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };

  Global global_;
  std::unique_ptr<CURLM, Cleanup> handle_{curl_multi_init()};
};

// One request from the beginning to its outcome.
struct Task {
  std::function<Result<std::unique_ptr<DownloadBody>>()> open;
  std::string url;
  std::unique_ptr<Transfer> transfer;
  CURL* running = nullptr;
  DownloadState state;
  std::optional<Result<void>> outcome;
  Url url_it_came_from{};  // after redirects

  // Takes over what the transfer knows; one that has its outcome is let go, with its files.
  void look() {
    if (transfer) {
      outcome = transfer->outcome();
      state.bytes = transfer->head().bytes;
      state.total = transfer->head().total;
      state.received = transfer->received();
      state.status = transfer->status();
      url_it_came_from = transfer->url();
      if (outcome) transfer.reset();
    }
    using Phase = DownloadState::Phase;
    state.phase = outcome ? (*outcome ? Phase::done : Phase::failed)
                          : (running ? Phase::running : Phase::waiting);
  }
};

class Loop {
 public:
  Loop(std::vector<Task>& tasks, const DownloadOptions& options)
      : tasks_{tasks}, options_{options} {}

  ~Loop() {
    for (auto& task : tasks_)
      if (task.running) multi_.remove(task.running);
  }

  void run(const std::function<void()>& look) {
    while (!Interrupt::requested()) {
      start();
      look();
      if (std::all_of(tasks_.begin(), tasks_.end(), [](const Task& task) { return task.outcome; }))
        return;
      int running = 0;
      curl_multi_perform(multi_.handle(), &running);
      for (const auto& [easy, code] : multi_.ended()) end(easy, code);
      if (!at_once()) multi_.wait(time_to_wait());
    }
  }

 private:
  void start() {
    auto running =
        std::count_if(tasks_.begin(), tasks_.end(), [](const Task& j) { return j.running; });
    for (auto& task : tasks_) {
      if (running >= options_.parallel) return;
      if (task.outcome || task.running || !open(task) || task.transfer->due() > Clock::now())
        continue;
      task.running = task.transfer->begin_attempt(Clock::now());
      task.look();
      if (!task.running) continue;
      multi_.add(task.running);
      ++running;
    }
  }

  // Whether there is something to perform; else the task has its outcome.
  bool open(Task& task) {
    if (task.transfer) return true;
    const auto url = parse_url(task.url);
    const auto why = url ? options_.hosts.refusal(*url) : url.error();
    if (!why.empty()) {
      task.outcome = fail(Kind::usage, task.url + ": " + why);
      return false;
    }
    auto body = task.open();
    if (!body) {
      task.outcome = tl::unexpected(body.error());
    } else if (!*body) {
      task.outcome = Result<void>{};  // there already
    } else {
      task.transfer = std::make_unique<Transfer>(*url, options_, std::move(*body));
    }
    return !task.outcome;
  }

  void end(CURL* easy, CURLcode code) {
    for (auto& task : tasks_) {
      if (task.running != easy) continue;
      task.running = nullptr;
      task.transfer->end_attempt(code, Clock::now());
      task.look();
    }
  }

  bool is_due(const Task& task) const {
    return !task.outcome && !task.running &&
           (!task.transfer || task.transfer->due() <= Clock::now());
  }

  // Whether another attempt can begin now.
  bool at_once() const {
    const auto running =
        std::count_if(tasks_.begin(), tasks_.end(), [](const Task& j) { return j.running; });
    return running < options_.parallel &&
           std::any_of(tasks_.begin(), tasks_.end(),
                       [&](const Task& task) { return is_due(task); });
  }

  std::chrono::milliseconds time_to_wait() const {
    auto most = std::chrono::ceil<std::chrono::milliseconds>(kLook);
    for (const auto& task : tasks_)
      if (!task.outcome && !task.running && task.transfer && task.transfer->due() > Clock::now())
        most = std::min(most, std::chrono::ceil<std::chrono::milliseconds>(task.transfer->due() -
                                                                           Clock::now()));
    return most;
  }

  std::vector<Task>& tasks_;
  const DownloadOptions& options_;
  Multi multi_;
};

bool is_whole(const DownloadRequest& request) {
  std::error_code error;
  return fs::is_regular_file(request.path, error) &&
         (request.sha256.empty() || sha256_of_file(request.path) == request.sha256);
}

Result<std::unique_ptr<DownloadBody>> open_body(const DownloadRequest& request) {
  if (is_whole(request)) return nullptr;
  auto part = PartFile::open(request.path);
  if (!part) return tl::unexpected(part.error());
  return std::make_unique<FileBody>(std::move(*part), request.sha256, request.allowance);
}

}  // namespace

std::vector<Result<void>> download_all(
    std::span<const DownloadRequest> requests, const DownloadOptions& options,
    const std::function<void(std::span<const DownloadState>)>& on_progress) {
  std::vector<Task> tasks;
  for (const auto& request : requests)
    tasks.push_back({[&request] { return open_body(request); }, request.url, {}, {}, {}, {}, {}});
  auto reported = Clock::now();
  const auto report = [&] {
    if (!on_progress) return;
    std::vector<DownloadState> states;
    for (auto& task : tasks) {
      task.look();
      states.push_back(task.state);
    }
    on_progress(states);
  };
  Loop{tasks, options}.run([&] {
    if (Clock::now() - reported < kLook) return;
    reported = Clock::now();
    report();
  });
  report();
  std::vector<Result<void>> outcomes;
  for (const auto& task : tasks)
    outcomes.push_back(task.outcome ? *task.outcome : fail(Kind::interrupted, "interrupted"));
  return outcomes;
}

Result<DownloadedText> download_text(const std::string& url, const DownloadOptions& options,
                                     std::size_t most_bytes) {
  auto limited = options;
  limited.largest_file = most_bytes;
  std::string text;
  std::vector<Task> tasks(1);
  tasks[0].url = url;
  tasks[0].open = [&]() -> Result<std::unique_ptr<DownloadBody>> {
    return std::make_unique<TextBody>(text);
  };
  Loop{tasks, limited}.run([] {});
  if (!tasks[0].outcome) return fail(Kind::interrupted, "interrupted");
  if (!*tasks[0].outcome) return tl::unexpected(tasks[0].outcome->error());
  return DownloadedText{tasks[0].state.status, std::move(tasks[0].url_it_came_from),
                        std::move(text)};
}

}  // namespace rostrum
