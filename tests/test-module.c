/* test-module.c — looking for a GPU on machines that lack one thing or another.
 * SPDX-License-Identifier: MIT
 *
 * A process looks once, so each machine is a process of its own. It finds the
 * libraries of pretended-gpu/, or what a case puts in their place.
 */

#include "engine/device.h"
#include "engine/module.h"

#include <dlfcn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

/* The exit status of a process that cannot be on its machine. */
#define SKIPPED 77

#define NOWHERE "/nowhere/at/all"

static const char *program;

/* The folder of the machine that is pretended; each name in it leads to one of
 * pretended-gpu's files, or is a text. */
typedef struct
{
  const char *name;
  const char *target; /* NULL for a text */
} File;

typedef struct
{
  const char *name;
  File        files[4];
  const char *variables[2][2]; /* of the environment; "" is unset */
  gboolean    present;
  const char *pattern;         /* of the message; NULL where the GPU is usable */
} Machine;

#define DRIVER { "libcuda.so.1", "libcuda.so.1" }
#define CUDNN { "libcudnn.so.9", "libcudnn.so.9" }
#define MODULE { "libraqam-cuda.so", "libraqam-cuda.so" }

static const Machine machines[] = {
  { "whole", { DRIVER, CUDNN, MODULE }, { { NULL } }, TRUE, NULL },
  { "no-driver", { CUDNN, MODULE }, { { NULL } }, FALSE, "No GPU can be used*libcuda.so.1*" },
  { "damaged-driver",
    { { "libcuda.so.1", "libcudnn.so.9" }, CUDNN, MODULE },
    { { NULL } },
    FALSE,
    "*libcuda.so.1 is not NVIDIA's driver, or is damaged*" },
  { "text-as-driver",
    { { "libcuda.so.1", NULL }, CUDNN, MODULE },
    { { NULL } },
    FALSE,
    "No GPU can be used*libcuda.so.1: *" },
  { "no-device",
    { DRIVER, CUDNN, MODULE },
    { { "RAQAM_PRETENDED_INIT", "100" } },
    FALSE,
    "*driver is installed but shows none*" },
  { "zero-devices",
    { DRIVER, CUDNN, MODULE },
    { { "RAQAM_PRETENDED_COUNT", "0" } },
    FALSE,
    "*driver is installed but shows none*" },
  { "driver-does-not-start",
    { DRIVER, CUDNN, MODULE },
    { { "RAQAM_PRETENDED_INIT", "803" } },
    TRUE,
    "*driver does not start (pretended, error 803)*restart of the computer*" },
  { "cudnn-not-where-told",
    { DRIVER, CUDNN, MODULE },
    { { "RAQAM_CUDNN_DIR", NOWHERE } },
    TRUE,
    "*cuDNN 9 cannot be opened*RAQAM_CUDNN_DIR*" NOWHERE "/libcudnn.so.9*" },
  { "no-cudnn",
    { DRIVER, MODULE },
    { { "RAQAM_CUDNN_DIR", "" } },
    TRUE,
    "*cuDNN 9 is not installed (libcudnn.so.9)*RAQAM_CUDNN_DIR*" },
  { "cudnn-8",
    { DRIVER, { "libcudnn.so.8", "libcudnn.so.9" }, MODULE },
    { { "RAQAM_CUDNN_DIR", "" } },
    TRUE,
    "*cuDNN 8 is installed (libcudnn.so.8)*needs cuDNN 9*RAQAM_CUDNN_DIR*" },
  { "cudnn-by-the-linker", { DRIVER, CUDNN, MODULE }, { { "RAQAM_CUDNN_DIR", "" } }, TRUE, NULL },
  { "no-module",
    { DRIVER, CUDNN },
    { { "RAQAM_MODULE_DIR", NOWHERE } },
    TRUE,
    "*built without its CUDA module (there is no “" NOWHERE "/libraqam-cuda.so”)*" },
  { "module-not-installed",
    { DRIVER, CUDNN },
    { { "RAQAM_MODULE_DIR", "" } },
    TRUE,
    "*built without its CUDA module (there is no “*/raqam/libraqam-cuda.so”)*" },
  { "text-as-module",
    { DRIVER, CUDNN, { "libraqam-cuda.so", NULL } },
    { { NULL } },
    TRUE,
    "*CUDA module cannot be opened (*libraqam-cuda.so: *)*" },
  { "damaged-module",
    { DRIVER, CUDNN, { "libraqam-cuda.so", "libcudnn.so.9" } },
    { { NULL } },
    TRUE,
    "*CUDA module cannot be opened (*raqam_backend*)*" },
  { "old-module",
    { DRIVER, CUDNN, { "libraqam-cuda.so", "libraqam-cuda-old.so" } },
    { { NULL } },
    TRUE,
    "*libraqam-cuda.so” belongs to another version of Raqam*same build*" },
  { "gpu-does-not-open",
    { DRIVER, CUDNN, MODULE },
    { { "RAQAM_PRETENDED_FAILURE", "open" } },
    TRUE,
    "*pretended GPU cannot be opened*" },
};

static void
assert_says (const char *text, const char *pattern)
{
  if (text == NULL || !g_pattern_match_simple (pattern, text))
    g_error ("“%s” should be like “%s”", text, pattern);
}

/* What a device or its absence looks like to those who ask. */

static void
check_list (const Machine *machine)
{
  g_autoptr (GPtrArray) list = raqam_device_list ();
  const RaqamDeviceEntry *cpu, *cuda;

  g_assert_cmpuint (list->len, ==, 2);
  cpu = g_ptr_array_index (list, 0);
  cuda = g_ptr_array_index (list, 1);

  g_assert_cmpstr (cpu->name, ==, "cpu");
  g_assert_null (cpu->why_not);
  g_assert_true (cpu->present);
  g_assert_cmpstr (cpu->info.name, !=, "");

  g_assert_cmpstr (cuda->name, ==, "cuda");
  g_assert_cmpint (cuda->present, ==, machine->present);
  /* Of a GPU that does not open, it shows only when it is opened. */
  if (machine->pattern == NULL || g_str_equal (machine->name, "gpu-does-not-open"))
    {
      g_assert_null (cuda->why_not);
      g_assert_cmpstr (cuda->info.name, ==, "Pretended GPU");
    }
  else
    {
      assert_says (cuda->why_not, machine->pattern);
      g_assert_cmpstr (cuda->info.name, ==, "");
    }
}

static void
check_auto (const Machine *machine)
{
  RaqamDeviceOptions options = { .n_threads = 1 };
  g_autofree char *passed_over = NULL;
  const RaqamBackend *backend;
  GError *error = NULL;
  RaqamDevice *device = raqam_device_open (&backend, "auto", &options, &passed_over, &error);

  g_assert_no_error (error);
  g_assert_nonnull (device);
  g_assert_cmpstr (backend->name, ==, machine->pattern == NULL ? "cuda" : "cpu");
  if (machine->pattern != NULL && machine->present)
    assert_says (passed_over, machine->pattern);
  else
    g_assert_null (passed_over);
  backend->device_close (device);
}

static void
check_cuda (const Machine *machine)
{
  RaqamDeviceOptions options = { .n_threads = 1 };
  const RaqamBackend *backend;
  GError *error = NULL;
  RaqamDevice *device = raqam_device_open (&backend, "cuda", &options, NULL, &error);

  if (machine->pattern == NULL)
    {
      g_assert_no_error (error);
      backend->device_close (device);
      return;
    }

  g_assert_null (device);
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE);
  assert_says (error->message, machine->pattern);
  g_clear_error (&error);
}

/* Where neither the GPU nor the CPU will do, both say why. */
static void
check_neither (const Machine *machine)
{
  RaqamDeviceOptions options = { .precision = RAQAM_PRECISION_TF32 };
  g_autofree char *passed_over = NULL;
  const RaqamBackend *backend;
  GError *error = NULL;

  if (machine->pattern == NULL)
    return;

  g_assert_null (raqam_device_open (&backend, "auto", &options, &passed_over, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE);
  assert_says (error->message, machine->pattern);
  g_assert_nonnull (strstr (error->message, "TF32"));
  g_assert_null (passed_over);
  g_clear_error (&error);
}

static char *
make_folder (const Machine *machine)
{
  char *folder = g_dir_make_tmp ("raqam-module-XXXXXX", NULL);

  g_assert_nonnull (folder);
  for (const File *file = machine->files; file->name != NULL; file++)
    {
      g_autofree char *path = g_build_filename (folder, file->name, NULL);

      if (file->target == NULL)
        g_assert_true (g_file_set_contents (path, "no library\n", -1, NULL));
      else
        {
          g_autofree char *target =
            g_test_build_filename (G_TEST_BUILT, "pretended-gpu", file->target, NULL);

          g_assert_no_errno (symlink (target, path));
        }
    }

  return folder;
}

static void
remove_folder (const Machine *machine, const char *folder)
{
  for (const File *file = machine->files; file->name != NULL; file++)
    {
      g_autofree char *path = g_build_filename (folder, file->name, NULL);

      g_remove (path);
    }
  g_rmdir (folder);
}

/* Whether this computer has by itself what @machine is to lack. */
static gboolean
has_itself (const Machine *machine)
{
  static const char *const cudnn[] = {
    "libcudnn.so.9",
    "/usr/local/cuda/lib64/libcudnn.so.9",
    "/usr/local/cuda/lib/libcudnn.so.9",
    "/usr/lib/x86_64-linux-gnu/libcudnn.so.9",
    "/usr/lib64/libcudnn.so.9",
    "/usr/lib/aarch64-linux-gnu/libcudnn.so.9",
    "/opt/cuda/lib64/libcudnn.so.9",
  };

  if (g_str_equal (machine->name, "no-driver"))
    return dlopen ("libcuda.so.1", RTLD_LAZY) != NULL;
  if (g_str_equal (machine->name, "no-cudnn") || g_str_equal (machine->name, "cudnn-8"))
    for (gsize i = 0; i < G_N_ELEMENTS (cudnn); i++)
      if (dlopen (cudnn[i], RTLD_LAZY) != NULL)
        return TRUE;

  return FALSE;
}

/* A process on the machine called @name. Returns: its exit status */
static int
be_on_machine (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (machines); i++)
    if (g_str_equal (machines[i].name, name))
      {
        if (has_itself (&machines[i]))
          return SKIPPED;
        check_list (&machines[i]);
        check_auto (&machines[i]);
        check_cuda (&machines[i]);
        check_neither (&machines[i]);
        return 0;
      }

  g_error ("there is no machine “%s”", name);
}

static char **
set_or_unset (char **environment, const char *name, const char *value)
{
  return value[0] != '\0' ? g_environ_setenv (environment, name, value, TRUE)
                          : g_environ_unsetenv (environment, name);
}

static void
test_machine (gconstpointer data)
{
  static const char *const folders[] = { "LD_LIBRARY_PATH", "RAQAM_CUDNN_DIR", "RAQAM_MODULE_DIR" };
  const Machine *machine = data;
  const char *arguments[] = { program, "--on", machine->name, NULL };
  g_autofree char *folder = make_folder (machine);
  g_auto (GStrv) environment = g_get_environ ();
  GError *error = NULL;
  int status;

  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    environment = set_or_unset (environment, folders[i], folder);
  environment = set_or_unset (environment, "CUDA_VISIBLE_DEVICES", "0");
  for (gsize i = 0; machine->variables[i][0] != NULL; i++)
    environment = set_or_unset (environment, machine->variables[i][0], machine->variables[i][1]);

  g_spawn_sync (NULL, (char **) arguments, environment, G_SPAWN_CHILD_INHERITS_STDIN, NULL, NULL,
                NULL, NULL, &status, &error);
  g_assert_no_error (error);
  remove_folder (machine, folder);

  if (WIFEXITED (status) && WEXITSTATUS (status) == SKIPPED)
    g_test_skip ("this computer has what the machine is to lack");
  else
    g_assert_true (g_spawn_check_wait_status (status, NULL));
}

static gpointer
look_cb (gpointer data)
{
  g_autoptr (GError) error = NULL;
  const RaqamBackend *backend = raqam_module_cuda (NULL, &error);

  g_assert_true ((backend == NULL) == (error != NULL));
  return backend != NULL ? g_strdup ("found") : g_strdup (error->message);
}

/* All threads are told the same, in copies of their own. */
static void
test_threads (void)
{
  GThread *threads[8];
  char *answers[G_N_ELEMENTS (threads)];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("look", look_cb, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    answers[i] = g_thread_join (threads[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_assert_cmpstr (answers[i], ==, answers[0]);
      if (i > 0)
        g_free (answers[i]);
    }
  g_free (answers[0]);
}

static void
test_unknown_name (void)
{
  RaqamDeviceOptions options = { 0 };
  const RaqamBackend *backend;
  GError *error = NULL;

  g_assert_null (raqam_device_open (&backend, "abacus", &options, NULL, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE);
  g_assert_nonnull (strstr (error->message, "“abacus”"));
  g_clear_error (&error);
}

static void
add_card (const char *folder, const char *name, const char *vendor, const char *class)
{
  g_autofree char *card = g_build_filename (folder, name, NULL);
  g_autofree char *vendor_path = g_build_filename (card, "vendor", NULL);
  g_autofree char *class_path = g_build_filename (card, "class", NULL);

  g_assert_no_errno (g_mkdir (card, 0700));
  g_assert_true (g_file_set_contents (vendor_path, vendor, -1, NULL));
  g_assert_true (g_file_set_contents (class_path, class, -1, NULL));
}

static void
remove_card (const char *folder, const char *name)
{
  g_autofree char *card = g_build_filename (folder, name, NULL);
  g_autofree char *vendor_path = g_build_filename (card, "vendor", NULL);
  g_autofree char *class_path = g_build_filename (card, "class", NULL);

  g_remove (vendor_path);
  g_remove (class_path);
  g_rmdir (card);
}

/* NVIDIA makes more than GPUs, and others make GPUs. */
static void
test_card (void)
{
  g_autofree char *folder = g_dir_make_tmp ("raqam-pci-XXXXXX", NULL);

  g_assert_false (raqam_module_sees_card (NOWHERE));
  g_assert_false (raqam_module_sees_card (folder));
  add_card (folder, "0000:00:02.0", "0x8086\n", "0x030000\n");
  add_card (folder, "0000:01:00.1", "0x10de\n", "0x040300\n");
  g_assert_false (raqam_module_sees_card (folder));
  add_card (folder, "0000:01:00.0", "0x10de\n", "0x030200\n");
  g_assert_true (raqam_module_sees_card (folder));

  remove_card (folder, "0000:00:02.0");
  remove_card (folder, "0000:01:00.1");
  remove_card (folder, "0000:01:00.0");
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  program = argv[0];
  if (argc == 3 && g_str_equal (argv[1], "--on"))
    return be_on_machine (argv[2]);

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (machines); i++)
    {
      g_autofree char *path = g_strdup_printf ("/module/machine/%s", machines[i].name);

      g_test_add_data_func (path, &machines[i], test_machine);
    }
  g_test_add_func ("/module/threads", test_threads);
  g_test_add_func ("/module/unknown-name", test_unknown_name);
  g_test_add_func ("/module/card", test_card);

  return g_test_run ();
}
