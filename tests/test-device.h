/* test-device.h — the device under test and memory on it, errors asserted away.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/backend.h"

G_BEGIN_DECLS

typedef struct
{
  const RaqamBackend *backend;
  RaqamDevice        *device;
  GPtrArray          *memory; /* freed at close */
} TestDevice;

/* Asserts that @call, which takes &error last, succeeds. */
#define TEST_TRY(call)          \
  G_STMT_START {                \
    GError *error = NULL;       \
    gboolean done_ = (call);    \
    g_assert_no_error (error);  \
    g_assert_true (done_);      \
  } G_STMT_END

/* Returns: the backend that RAQAM_TEST_BACKEND names; without it, the CPU's */
const RaqamBackend *test_backend (void);

/* For main(), before anything else is printed.
 * Returns: whether this machine has that backend; else TAP has been told why all is skipped */
gboolean test_backend_is_here (void);

/* Returns: how many threads to try it with, from 1; more make a difference to the CPU's only */
int test_backend_max_threads (void);

/* Returns: (transfer full): NULL with @error when the device refuses */
TestDevice *test_device_open (const RaqamBackend *backend, const RaqamDeviceOptions *options,
                              GError **error);
void        test_device_close (TestDevice *self);

/* Memory of the device, zeroed, or filled from @from. It lives until the device closes. */
gpointer test_device_new (TestDevice *self, gsize n_bytes);
gpointer test_device_put (TestDevice *self, gconstpointer from, gsize n_bytes);

void test_device_set (TestDevice *self, gpointer to, gconstpointer from, gsize n_bytes);
void test_device_get (TestDevice *self, gpointer to, gconstpointer from, gsize n_bytes);

G_END_DECLS
