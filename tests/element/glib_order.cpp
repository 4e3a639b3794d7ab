// SPDX-License-Identifier: LGPL-2.1-or-later
// What GLib and GStreamer order between threads, told to ThreadSanitizer: it sees neither GLib's
// locks, which are futexes, nor reference counts, for these libraries are not built with it.
// Linked into the tests of a build with -Db_sanitize=thread; takes the place of the functions below
// and calls the real ones.
#include <dlfcn.h>
#include <gst/gst.h>

extern "C" {
void __tsan_acquire(void* address);
void __tsan_release(void* address);
}

namespace {

template <typename Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

// A last reference is given up after all that was done with the others.
void give_up(void* object) {
  __tsan_release(object);
  __tsan_acquire(object);
}

}  // namespace

#define REAL(name) static auto* const name##_real = real<decltype(name)>(#name)
#define SEEN extern "C" __attribute__((visibility("default")))

// --- locks --------------------------------------------------------------------------------------

SEEN void g_mutex_lock(GMutex* mutex) {
  REAL(g_mutex_lock);
  g_mutex_lock_real(mutex);
  __tsan_acquire(mutex);
}

SEEN gboolean g_mutex_trylock(GMutex* mutex) {
  REAL(g_mutex_trylock);
  if (!g_mutex_trylock_real(mutex)) return FALSE;
  __tsan_acquire(mutex);
  return TRUE;
}

SEEN void g_mutex_unlock(GMutex* mutex) {
  REAL(g_mutex_unlock);
  __tsan_release(mutex);
  g_mutex_unlock_real(mutex);
}

SEEN void g_rec_mutex_lock(GRecMutex* mutex) {
  REAL(g_rec_mutex_lock);
  g_rec_mutex_lock_real(mutex);
  __tsan_acquire(mutex);
}

SEEN gboolean g_rec_mutex_trylock(GRecMutex* mutex) {
  REAL(g_rec_mutex_trylock);
  if (!g_rec_mutex_trylock_real(mutex)) return FALSE;
  __tsan_acquire(mutex);
  return TRUE;
}

SEEN void g_rec_mutex_unlock(GRecMutex* mutex) {
  REAL(g_rec_mutex_unlock);
  __tsan_release(mutex);
  g_rec_mutex_unlock_real(mutex);
}

SEEN void g_cond_wait(GCond* cond, GMutex* mutex) {
  REAL(g_cond_wait);
  __tsan_release(mutex);
  g_cond_wait_real(cond, mutex);
  __tsan_acquire(mutex);
}

SEEN gboolean g_cond_wait_until(GCond* cond, GMutex* mutex, gint64 end) {
  REAL(g_cond_wait_until);
  __tsan_release(mutex);
  const auto met = g_cond_wait_until_real(cond, mutex, end);
  __tsan_acquire(mutex);
  return met;
}

SEEN gboolean(g_once_init_enter)(volatile void* place) {
  static auto* const enter = real<gboolean(volatile void*)>("g_once_init_enter");
  const auto first = enter(place);
  if (!first) __tsan_acquire(const_cast<void*>(place));
  return first;
}

SEEN void(g_once_init_leave)(volatile void* place, gsize result) {
  static auto* const leave = real<void(volatile void*, gsize)>("g_once_init_leave");
  __tsan_release(const_cast<void*>(place));
  leave(place, result);
}

// Found out by the first who asks, behind a lock of GLib's own.
SEEN const gchar* g_get_user_cache_dir() {
  REAL(g_get_user_cache_dir);
  static gint asked = 0;
  const auto* found = g_get_user_cache_dir_real();
  give_up(&asked);
  return found;
}

// --- references ---------------------------------------------------------------------------------

SEEN void g_object_unref(gpointer object) {
  REAL(g_object_unref);
  give_up(object);
  g_object_unref_real(object);
}

SEEN void gst_object_unref(gpointer object) {
  REAL(gst_object_unref);
  give_up(object);
  gst_object_unref_real(object);
}

SEEN void gst_mini_object_unref(GstMiniObject* object) {
  REAL(gst_mini_object_unref);
  give_up(object);
  gst_mini_object_unref_real(object);
}

SEEN gboolean gst_mini_object_replace(GstMiniObject** place, GstMiniObject* object) {
  REAL(gst_mini_object_replace);
  if (*place) give_up(*place);
  return gst_mini_object_replace_real(place, object);
}

SEEN GstFlowReturn gst_buffer_pool_acquire_buffer(GstBufferPool* pool, GstBuffer** buffer,
                                                  GstBufferPoolAcquireParams* params) {
  REAL(gst_buffer_pool_acquire_buffer);
  const auto got = gst_buffer_pool_acquire_buffer_real(pool, buffer, params);
  if (got == GST_FLOW_OK) __tsan_acquire(*buffer);
  return got;
}

// --- queues -------------------------------------------------------------------------------------

SEEN gboolean gst_bus_post(GstBus* bus, GstMessage* message) {
  REAL(gst_bus_post);
  __tsan_release(bus);
  return gst_bus_post_real(bus, message);
}

SEEN GstMessage* gst_bus_timed_pop_filtered(GstBus* bus, GstClockTime timeout,
                                            GstMessageType types) {
  REAL(gst_bus_timed_pop_filtered);
  auto* message = gst_bus_timed_pop_filtered_real(bus, timeout, types);
  __tsan_acquire(bus);
  return message;
}

SEEN GstMessage* gst_bus_pop_filtered(GstBus* bus, GstMessageType types) {
  return gst_bus_timed_pop_filtered(bus, 0, types);
}

SEEN GstMessage* gst_bus_pop(GstBus* bus) {
  return gst_bus_timed_pop_filtered(bus, 0, GST_MESSAGE_ANY);
}

SEEN void g_async_queue_push(GAsyncQueue* queue, gpointer data) {
  REAL(g_async_queue_push);
  __tsan_release(queue);
  g_async_queue_push_real(queue, data);
}

SEEN gpointer g_async_queue_pop(GAsyncQueue* queue) {
  REAL(g_async_queue_pop);
  auto* data = g_async_queue_pop_real(queue);
  __tsan_acquire(queue);
  return data;
}
