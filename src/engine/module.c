/* module.c — the CUDA backend and the libraries it stands on, found at run time.
 * SPDX-License-Identifier: MIT */

#include "engine/module.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#define DRIVER "libcuda.so.1"
#define CUDNN "libcudnn.so.9"
#define OLD_CUDNN "libcudnn.so.8"
#define MODULE "libraqam-cuda.so"

/* Of cuda.h, which is not needed to build the program. */
#define CUDA_SUCCESS 0
#define CUDA_ERROR_NO_DEVICE 100

static const char *const cudnn_dirs[] = {
  "/usr/local/cuda/lib64",      "/usr/local/cuda/lib", "/usr/lib/x86_64-linux-gnu", "/usr/lib64",
  "/usr/lib/aarch64-linux-gnu", "/opt/cuda/lib64",
};

typedef struct
{
  int (*init) (unsigned int flags);
  int (*count) (int *count);
  int (*error_string) (int status, const char **text);
} Driver;

gboolean
raqam_module_sees_card (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *vendor_path = g_build_filename (folder, name, "vendor", NULL);
      g_autofree char *class_path = g_build_filename (folder, name, "class", NULL);
      g_autofree char *vendor = NULL, *class = NULL;

      if (g_file_get_contents (vendor_path, &vendor, NULL, NULL)
          && g_file_get_contents (class_path, &class, NULL, NULL)
          && g_str_has_prefix (vendor, "0x10de") && g_str_has_prefix (class, "0x03"))
        return TRUE;
    }

  return FALSE;
}

/* A hidden card is one that the user does not want. */
static gboolean
has_card (void)
{
  return g_getenv ("CUDA_VISIBLE_DEVICES") == NULL
         && raqam_module_sees_card ("/sys/bus/pci/devices");
}

/* @why: dlopen's; that there is no such file says no more than its name. */
static void
fail_no_driver (gboolean present, const char *why, GError **error)
{
  const char *found = strstr (why, g_strerror (ENOENT)) != NULL ? DRIVER : why;

  if (present)
    g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                 _("The GPU cannot be used: NVIDIA's driver is not installed (%s). Install it, "
                   "and restart the computer."),
                 found);
  else
    g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                 _("No GPU can be used: this computer seems to have none of NVIDIA's, and no "
                   "driver for one (%s)."),
                 found);
}

static gboolean
open_driver (Driver *driver, gboolean *present, GError **error)
{
  gpointer library = dlopen (DRIVER, RTLD_LAZY | RTLD_LOCAL);

  if (library == NULL)
    {
      *present = has_card ();
      fail_no_driver (*present, dlerror (), error);
      return FALSE;
    }

  *(gpointer *) &driver->init = dlsym (library, "cuInit");
  *(gpointer *) &driver->count = dlsym (library, "cuDeviceGetCount");
  *(gpointer *) &driver->error_string = dlsym (library, "cuGetErrorString");
  if (driver->init != NULL && driver->count != NULL && driver->error_string != NULL)
    return TRUE;

  *present = has_card ();
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
               _("The GPU cannot be used: %s is not NVIDIA's driver, or is damaged. Install the "
                 "driver again."),
               DRIVER);
  return FALSE;
}

static gboolean
find_device (const Driver *driver, gboolean *present, GError **error)
{
  const char *why = NULL;
  int count = 0;
  int status = driver->init (0);

  if (status == CUDA_SUCCESS)
    status = driver->count (&count);

  *present = TRUE;
  if (status == CUDA_SUCCESS && count > 0)
    return TRUE;

  if (status == CUDA_SUCCESS || status == CUDA_ERROR_NO_DEVICE)
    {
      *present = has_card ();
      g_set_error_literal (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                           _("No GPU can be used: NVIDIA's driver is installed but shows none. "
                             "“nvidia-smi” lists what it sees, and CUDA_VISIBLE_DEVICES may hide "
                             "some."));
      return FALSE;
    }

  driver->error_string (status, &why);
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
               _("The GPU cannot be used: NVIDIA's driver does not start (%s, error %d). It often "
                 "does after a restart of the computer, above all when the driver was updated."),
               why != NULL ? why : "?", status);
  return FALSE;
}

static gboolean
load_global (const char *folder, const char *name)
{
  g_autofree char *path = folder == NULL ? g_strdup (name) : g_build_filename (folder, name, NULL);

  return dlopen (path, RTLD_LAZY | RTLD_GLOBAL) != NULL;
}

/* A library that is open satisfies what the module needs by that name, wherever it lies. */
static gboolean
open_cudnn (GError **error)
{
  const char *chosen = g_getenv ("RAQAM_CUDNN_DIR");

  if (chosen != NULL)
    {
      const char *why;

      if (load_global (chosen, CUDNN))
        return TRUE;

      why = dlerror ();
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                   _("The GPU cannot be used: cuDNN 9 cannot be opened in the folder that "
                     "RAQAM_CUDNN_DIR names (%s)."),
                   why);
      return FALSE;
    }

  if (load_global (NULL, CUDNN))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (cudnn_dirs); i++)
    if (load_global (cudnn_dirs[i], CUDNN))
      return TRUE;

  if (load_global (NULL, OLD_CUDNN))
    g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                 _("The GPU cannot be used: cuDNN 8 is installed (%s), but Raqam needs cuDNN 9 "
                   "(%s). Install it from NVIDIA, or name its folder in RAQAM_CUDNN_DIR."),
                 OLD_CUDNN, CUDNN);
  else
    g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                 _("The GPU cannot be used: cuDNN 9 is not installed (%s). Install it from "
                   "NVIDIA, or name its folder in RAQAM_CUDNN_DIR."),
                 CUDNN);
  return FALSE;
}

const RaqamBackend *
raqam_module_open (const char *path, GError **error)
{
  const RaqamBackend *backend;
  RaqamBackendGet get = NULL;
  gpointer module;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                   _("The GPU cannot be used: this Raqam was built without its CUDA module "
                     "(there is no “%s”). To build it takes CUDA's nvcc and cuDNN 9."),
                   path);
      return NULL;
    }

  module = dlopen (path, RTLD_NOW | RTLD_LOCAL);
  if (module != NULL)
    *(gpointer *) &get = dlsym (module, RAQAM_BACKEND_SYMBOL);
  if (get == NULL)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                   _("The GPU cannot be used: Raqam's CUDA module cannot be opened (%s)."),
                   dlerror ());
      return NULL;
    }

  backend = get ();
  if (backend->abi != RAQAM_BACKEND_ABI)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                   _("The GPU cannot be used: “%s” belongs to another version of Raqam (its "
                     "interface is %u, this one's %u). Install both from the same build."),
                   path, backend->abi, RAQAM_BACKEND_ABI);
      return NULL;
    }

  return backend;
}

static const RaqamBackend *
look (gboolean *present, GError **error)
{
  const char *chosen = g_getenv ("RAQAM_MODULE_DIR");
  g_autofree char *path =
    g_build_filename (chosen != NULL ? chosen : RAQAM_MODULE_DIR, MODULE, NULL);
  Driver driver;

  if (!open_driver (&driver, present, error) || !find_device (&driver, present, error)
      || !open_cudnn (error))
    return NULL;

  return raqam_module_open (path, error);
}

const RaqamBackend *
raqam_module_cuda (gboolean *present, GError **error)
{
  static GMutex mutex;
  static gboolean looked, seen;
  static const RaqamBackend *found;
  static GError *why;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);

  if (!looked)
    {
      found = look (&seen, &why);
      looked = TRUE;
    }

  if (present != NULL)
    *present = seen;
  if (found == NULL && error != NULL)
    *error = g_error_copy (why);

  return found;
}
