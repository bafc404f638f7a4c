/* picture-drag.c — a picture that is dragged out of the window is a PNG.
 * SPDX-License-Identifier: MIT */

#include "app/picture-drag.h"

#include "app/picture-export.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#define SIDE 448
#define ICON_SIDE 84

typedef struct
{
  RaqamDigitPicture *picture; /* owns this */
  RaqamExploreScene *scene;
  RaqamPictureExport *pressed; /* what was on the screen when the pointer went down; or NULL */
  char              *folder; /* NULL until something is dragged */
  guint              n;      /* files made in it */
} Drag;

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static void
drag_free (gpointer data, GClosure *closure)
{
  Drag *self = data;

  if (self->folder != NULL)
    remove_folder (self->folder);
  g_free (self->folder);
  g_clear_pointer (&self->pressed, raqam_picture_export_free);
  g_object_unref (self->scene);
  g_free (self);
}

/* A drag begins only when the pointer has gone some way, and a walk goes on meanwhile. */
static void
pressed_cb (GtkGesture *gesture, GdkEventSequence *sequence, Drag *self)
{
  const RaqamStyle *drawn = raqam_explore_scene_get_drawn (self->scene);

  g_clear_pointer (&self->pressed, raqam_picture_export_free);
  if (drawn == NULL)
    return;
  self->pressed = g_new0 (RaqamPictureExport, 1);
  self->pressed->style = *drawn;
  self->pressed->model = raqam_model_ref (raqam_explore_scene_get_model (self->scene));
  self->pressed->pixels = g_bytes_ref (raqam_explore_scene_get_pixels (self->scene));
  self->pressed->look.crisp = raqam_digit_picture_get_crisp (self->picture);
  self->pressed->look.dark = TRUE;
}

static GBytes *
encode (Drag *self, int side, GError **error)
{
  self->pressed->look.side = side;
  return raqam_picture_export_encode (self->pressed, FALSE, error);
}

/* Small and not synced: it is written between two frames. */
static char *
write_file (Drag *self, GBytes *png, GError **error)
{
  g_autofree char *name = NULL, *path = NULL;

  if (self->folder == NULL)
    self->folder = g_dir_make_tmp ("raqam-XXXXXX", error);
  if (self->folder == NULL)
    return NULL;
  name = g_strdup_printf ("%s-%d-%u.png", _("digit"),
                          raqam_style_main_digit (&self->pressed->style), ++self->n);
  path = g_build_filename (self->folder, name, NULL);
  return g_file_set_contents_full (path, g_bytes_get_data (png, NULL),
                                   (gssize) g_bytes_get_size (png), G_FILE_SET_CONTENTS_NONE, 0644,
                                   error)
           ? g_steal_pointer (&path)
           : NULL;
}

static GdkContentProvider *
prepare_cb (GtkDragSource *source, double x, double y, Drag *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) png = NULL;
  g_autofree char *path = NULL, *message = NULL;
  g_autoptr (GFile) file = NULL;
  GdkFileList *list;
  GdkContentProvider *providers[2];

  if (self->pressed == NULL)
    return NULL;
  png = encode (self, SIDE, &error);
  path = png != NULL ? write_file (self, png, &error) : NULL;
  if (path == NULL)
    {
      message = g_strdup_printf (_("The picture could not be dragged out: %s"), error->message);
      raqam_explore_scene_problem (self->scene, message);
      return NULL;
    }
  file = g_file_new_for_path (path);
  list = gdk_file_list_new_from_array (&file, 1);
  providers[0] = gdk_content_provider_new_typed (GDK_TYPE_FILE_LIST, list);
  g_boxed_free (GDK_TYPE_FILE_LIST, list);
  providers[1] = gdk_content_provider_new_for_bytes ("image/png", png);
  return gdk_content_provider_new_union (providers, G_N_ELEMENTS (providers));
}

static void
begin_cb (GtkDragSource *source, GdkDrag *drag, Drag *self)
{
  g_autoptr (GBytes) png = encode (self, ICON_SIDE, NULL);
  g_autoptr (GdkTexture) icon = png != NULL ? gdk_texture_new_from_bytes (png, NULL) : NULL;

  if (icon != NULL)
    gtk_drag_source_set_icon (source, GDK_PAINTABLE (icon), ICON_SIDE / 2, ICON_SIDE / 2);
}

void
raqam_picture_drag_attach (RaqamDigitPicture *picture, RaqamExploreScene *scene)
{
  GtkDragSource *source = gtk_drag_source_new ();
  Drag *self = g_new0 (Drag, 1);

  self->picture = picture;
  self->scene = g_object_ref (scene);
  gtk_drag_source_set_actions (source, GDK_ACTION_COPY);
  g_signal_connect_data (source, "prepare", G_CALLBACK (prepare_cb), self, drag_free, 0);
  g_signal_connect (source, "begin", G_CALLBACK (pressed_cb), self);
  g_signal_connect (source, "drag-begin", G_CALLBACK (begin_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (picture), GTK_EVENT_CONTROLLER (source));
}
