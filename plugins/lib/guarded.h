// SPDX-License-Identifier: LGPL-2.1-or-later
// A value that can only be reached with its lock held.
#pragma once

#include <mutex>
#include <utility>

namespace rostrum {

template <typename T>
class Guarded {
 public:
  class Access {
   public:
    explicit Access(Guarded& g) : lock_{g.mutex_}, value_{g.value_} {}
    T* operator->() { return &value_; }
    T& operator*() { return value_; }

   private:
    std::unique_lock<std::mutex> lock_;
    T& value_;
  };

  // Keep the access short: never push, post, notify or wait while it lives.
  [[nodiscard]] Access lock() { return Access{*this}; }
  [[nodiscard]] T copy() { return *lock(); }

 private:
  std::mutex mutex_;
  T value_{};
};

}  // namespace rostrum
