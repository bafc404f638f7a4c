/* plan-cache.c — which plan won, kept from one run of the program to the next.
 * SPDX-License-Identifier: MIT */

#include "cuda/plan-cache.h"

#include <string.h>

#define GROUP "Plan"

/* Raised when the same key would no longer mean the same plan. */
#define VERSION 1

/* Every word of a key is in the file too, so that a name met twice does no harm. */
static char *
key_text (const RaqamPlanKey *key)
{
  const RaqamConvShape *shape = key->shape;

  return g_strdup_printf ("%d; %s; pass %d, precision %d, %d × (%d, %d, %d) to (%d, %d, %d), "
                          "kernel %d, stride %d, pad %d",
                          VERSION, key->device, key->pass, key->precision, shape->n,
                          shape->in_h, shape->in_w, shape->in_c, shape->out_h, shape->out_w,
                          shape->out_c, shape->kernel, shape->stride, shape->pad);
}

static char *
folder_of_plans (void)
{
  return g_build_filename (g_get_user_cache_dir (), "raqam", "plans", NULL);
}

static char *
path_of (const char *text)
{
  g_autofree char *folder = folder_of_plans ();
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  g_autofree char *name = g_strconcat (sum, ".plan", NULL);

  return g_build_filename (folder, name, NULL);
}

static gboolean
read_ints (int *values, int *n, GKeyFile *file, const char *name)
{
  gsize length = 0;
  g_autofree int *read = g_key_file_get_integer_list (file, GROUP, name, &length, NULL);

  if (read == NULL || length > RAQAM_MAX_KNOBS)
    return FALSE;

  memcpy (values, read, length * sizeof *values);
  *n = (int) length;
  return TRUE;
}

/* A list of none is not written: GLib does not read it back. */
static gboolean
read_knobs (RaqamPlanChoice *choice, GKeyFile *file)
{
  int n_types = 0;

  if (!g_key_file_has_key (file, GROUP, "Knobs", NULL))
    return TRUE;
  return read_ints (choice->types, &n_types, file, "Knobs")
         && read_ints (choice->values, &choice->n_knobs, file, "Values")
         && n_types == choice->n_knobs;
}

gboolean
raqam_cuda_plan_cache_load (RaqamPlanChoice *choice, gboolean *narrow, const RaqamPlanKey *key)
{
  g_autofree char *text = key_text (key);
  g_autofree char *path = path_of (text);
  g_autofree char *found = NULL;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;

  *choice = (RaqamPlanChoice) { 0 };
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return FALSE;
  found = g_key_file_get_string (file, GROUP, "Of", NULL);
  if (g_strcmp0 (found, text) != 0 || !read_knobs (choice, file))
    return FALSE;

  choice->engine = g_key_file_get_integer (file, GROUP, "Engine", &error);
  if (error == NULL)
    *narrow = g_key_file_get_boolean (file, GROUP, "Narrow", &error);
  return error == NULL;
}

void
raqam_cuda_plan_cache_save (const RaqamPlanKey *key, const RaqamPlanChoice *choice,
                            gboolean narrow)
{
  g_autofree char *text = key_text (key);
  g_autofree char *path = path_of (text);
  g_autofree char *folder = folder_of_plans ();
  g_autoptr (GKeyFile) file = g_key_file_new ();
  RaqamPlanChoice copy = *choice; /* GLib's lists are not const */

  g_key_file_set_string (file, GROUP, "Of", text);
  if (copy.n_knobs > 0)
    {
      g_key_file_set_integer_list (file, GROUP, "Knobs", copy.types, copy.n_knobs);
      g_key_file_set_integer_list (file, GROUP, "Values", copy.values, copy.n_knobs);
    }
  g_key_file_set_integer (file, GROUP, "Engine", copy.engine);
  g_key_file_set_boolean (file, GROUP, "Narrow", narrow);

  if (g_mkdir_with_parents (folder, 0700) == 0)
    g_key_file_save_to_file (file, path, NULL);
}
