// SPDX-License-Identifier: LGPL-2.1-or-later
// Preloaded into rostrum: code that was taken over, which tries to get out.  What it reached in a
// worker stands in `escape.txt` beside the worker's job, what in the parent in $ESCAPE_PARENT.
#include <dlfcn.h>
#include <fcntl.h>
#include <gst/gst.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

namespace {

// The folder of the job, if this is a worker: its command line is "rostrum worker FOLDER/KEY.job".
std::string folder_of_job() {
  std::ifstream file{"/proc/self/cmdline", std::ios::binary};
  const std::string words{std::istreambuf_iterator<char>{file}, {}};
  const auto command = words.find('\0') + 1;
  if (words.compare(command, 7, std::string{"worker", 7}) != 0) return {};
  const std::string spec = words.c_str() + command + 7;
  return spec.substr(0, spec.rfind('/'));
}

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

int opened(const std::string& path, int flags) {
  const int fd = open(path.c_str(), flags | O_CLOEXEC, 0600);
  const int why = fd < 0 ? errno : 0;
  if (fd >= 0) close(fd);
  return why;
}

int network() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  const int why = fd < 0 ? errno : 0;
  if (fd >= 0) close(fd);
  return why;
}

int reason(long result) { return result < 0 ? errno : 0; }

// Of the parent, which does not trace or limit itself.
int parents_descriptors() {
  rlimit limit{};
  return reason(prlimit(getppid(), RLIMIT_NOFILE, nullptr, &limit));
}

void try_everything(const std::string& folder) {
  const auto secret = from_environment("ESCAPE_SECRET");
  std::ofstream said{folder + "/escape.txt"};
  const auto say = [&](const char* what, int why) {
    said << what << " " << (why ? std::strerror(why) : "done") << "\n";
  };
  say("network", network());
  say("read", opened(secret, O_RDONLY));
  say("passwords", opened("/etc/passwd", O_RDONLY));
  say("overwrite", opened(secret, O_WRONLY));
  say("mode", reason(chmod(secret.c_str(), 0640)));
  say("limits", parents_descriptors());
  say("create", opened(from_environment("ESCAPE_NEW"), O_WRONLY | O_CREAT));
}

}  // namespace

extern "C" GstElement* gst_pipeline_new(const gchar* name) {
  static const bool tried = [] {
    const auto folder = folder_of_job();
    if (folder.empty())
      std::ofstream{from_environment("ESCAPE_PARENT")} << std::strerror(network());
    else
      try_everything(folder);
    return true;
  }();
  (void)tried;
  using Function = GstElement* (*)(const gchar*);
  static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "gst_pipeline_new"));
  return real(name);
}
