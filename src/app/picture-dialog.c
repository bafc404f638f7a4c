/* picture-dialog.c — asks how a picture shall be saved.
 * SPDX-License-Identifier: MIT */

#include "app/picture-dialog.h"

#include "app/ui.h"
#include "print/format.h"

#include <glib/gi18n.h>

#define SIZE_448 4

static const int sizes[] = { 28, 56, 112, 224, 448, 896 };

struct _RaqamPictureDialog
{
  AdwMessageDialog parent_instance;

  AdwComboRow   *size;
  AdwComboRow   *outline;
  AdwComboRow   *colours;
  GtkStringList *size_names;
};

G_DEFINE_FINAL_TYPE (RaqamPictureDialog, raqam_picture_dialog, ADW_TYPE_MESSAGE_DIALOG)

/* At 28 pixels there is nothing to be enlarged. */
static void
size_cb (RaqamPictureDialog *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->outline),
                            adw_combo_row_get_selected (self->size) > 0);
}

void
raqam_picture_dialog_get_look (RaqamPictureDialog *self, RaqamPictureLook *look)
{
  g_return_if_fail (RAQAM_IS_PICTURE_DIALOG (self));

  look->side = sizes[adw_combo_row_get_selected (self->size)];
  look->crisp = adw_combo_row_get_selected (self->outline) == 1;
  look->dark = adw_combo_row_get_selected (self->colours) == 0;
}

static void
raqam_picture_dialog_class_init (RaqamPictureDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("picture-dialog"));
  gtk_widget_class_bind_template_child (widget_class, RaqamPictureDialog, size);
  gtk_widget_class_bind_template_child (widget_class, RaqamPictureDialog, outline);
  gtk_widget_class_bind_template_child (widget_class, RaqamPictureDialog, colours);
  gtk_widget_class_bind_template_child (widget_class, RaqamPictureDialog, size_names);
  gtk_widget_class_bind_template_callback (widget_class, size_cb);
}

static void
raqam_picture_dialog_init (RaqamPictureDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *side = raqam_format_integer (sizes[i]);
      /* Translators: width and height of a picture in pixels */
      g_autofree char *name = g_strdup_printf (_("%s × %s"), side, side);

      gtk_string_list_append (self->size_names, name);
    }
  adw_combo_row_set_selected (self->size, SIZE_448);
}

GtkWidget *
raqam_picture_dialog_new (GtkWindow *parent, gboolean crisp)
{
  RaqamPictureDialog *self
    = g_object_new (RAQAM_TYPE_PICTURE_DIALOG, "transient-for", parent, "modal", TRUE, NULL);

  adw_combo_row_set_selected (self->outline, crisp ? 1 : 0);
  return GTK_WIDGET (self);
}
