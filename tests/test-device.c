/* test-device.c — the device under test and memory on it, errors asserted away.
 * SPDX-License-Identifier: MIT */

#include "test-device.h"

#include "engine/module.h"
#include "reference-backend.h"

static const RaqamBackend *
find_backend (GError **error)
{
  const RaqamBackend *backends[] = { &raqam_cpu_backend, &raqam_reference_backend };
  const char *name = g_getenv ("RAQAM_TEST_BACKEND");

  for (gsize i = 0; i < G_N_ELEMENTS (backends); i++)
    if (name == NULL || g_str_equal (name, backends[i]->name))
      return backends[i];

  if (!g_str_equal (name, "cuda"))
    g_error ("RAQAM_TEST_BACKEND=%s is no backend", name);
  return raqam_module_cuda (NULL, error);
}

gboolean
test_backend_is_here (void)
{
  g_autoptr (GError) error = NULL;

  if (find_backend (&error) != NULL)
    return TRUE;

  g_print ("1..0 # SKIP %s\n", error->message);
  return FALSE;
}

const RaqamBackend *
test_backend (void)
{
  GError *error = NULL;
  const RaqamBackend *backend = find_backend (&error);

  g_assert_no_error (error);
  return backend;
}

int
test_backend_max_threads (void)
{
  return test_backend () == &raqam_cpu_backend ? 3 : 1;
}

TestDevice *
test_device_open (const RaqamBackend *backend, const RaqamDeviceOptions *options, GError **error)
{
  RaqamDevice *device = backend->device_open (options, error);
  TestDevice *self;

  if (device == NULL)
    return NULL;

  self = g_new0 (TestDevice, 1);
  self->backend = backend;
  self->device = device;
  self->memory = g_ptr_array_new ();

  return self;
}

void
test_device_close (TestDevice *self)
{
  for (guint i = 0; i < self->memory->len; i++)
    self->backend->free (self->device, g_ptr_array_index (self->memory, i));

  g_ptr_array_unref (self->memory);
  self->backend->device_close (self->device);
  g_free (self);
}

gpointer
test_device_new (TestDevice *self, gsize n_bytes)
{
  GError *error = NULL;
  gpointer memory = self->backend->alloc (self->device, n_bytes, &error);

  g_assert_no_error (error);
  g_assert_nonnull (memory);
  g_ptr_array_add (self->memory, memory);

  return memory;
}

gpointer
test_device_put (TestDevice *self, gconstpointer from, gsize n_bytes)
{
  gpointer memory = test_device_new (self, n_bytes);

  test_device_set (self, memory, from, n_bytes);
  return memory;
}

void
test_device_set (TestDevice *self, gpointer to, gconstpointer from, gsize n_bytes)
{
  TEST_TRY (self->backend->upload (self->device, to, from, n_bytes, &error));
}

void
test_device_get (TestDevice *self, gpointer to, gconstpointer from, gsize n_bytes)
{
  TEST_TRY (self->backend->download (self->device, to, from, n_bytes, &error));
}
