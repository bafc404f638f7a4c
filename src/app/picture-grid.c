/* picture-grid.c — some of an evaluation's pictures, to be looked through and picked.
 * SPDX-License-Identifier: MIT */

#include "app/picture-grid.h"

#include "app/picture-cell.h"
#include "engine/recipe.h"
#include "print/format.h"

#include <glib/gi18n.h>

#define MAX_COLUMNS 32

/* An item of the list: a picture's number in the evaluation. */
#define RAQAM_TYPE_PICTURE_ITEM (raqam_picture_item_get_type ())
G_DECLARE_FINAL_TYPE (RaqamPictureItem, raqam_picture_item, RAQAM, PICTURE_ITEM, GObject)

struct _RaqamPictureItem
{
  GObject parent_instance;

  guint image;
};

G_DEFINE_FINAL_TYPE (RaqamPictureItem, raqam_picture_item, G_TYPE_OBJECT)

static void
raqam_picture_item_class_init (RaqamPictureItemClass *klass)
{
}

static void
raqam_picture_item_init (RaqamPictureItem *self)
{
}

struct _RaqamPictureGrid
{
  AdwBin parent_instance;

  GtkWidget       *view;
  GListStore      *items;
  RaqamEvaluation *evaluation; /* or NULL */
};

enum
{
  PICKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamPictureGrid, raqam_picture_grid, ADW_TYPE_BIN)

static const guint8 *
bytes (GBytes *of)
{
  return g_bytes_get_data (of, NULL);
}

/* "Picture 41: asked for ۴, recognised as ۳, 87 % sure" */
static char *
describe (const RaqamEvaluation *evaluation, guint image)
{
  const float *probabilities = g_bytes_get_data (evaluation->probabilities, NULL);
  int predicted = bytes (evaluation->predicted)[image];
  double sure = (double) probabilities[(gsize) image * evaluation->n_classes + predicted];
  g_autofree char *number = raqam_format_integer ((gint64) image + 1);
  g_autofree char *percent = raqam_format_number (100 * sure, 0);

  /* Translators: a picture's number, two Persian digits, per cent */
  return g_strdup_printf (_("Picture %s: asked for %s, recognised as %s, %s %% sure"), number,
                          raqam_format_persian_digit (bytes (evaluation->labels)[image]),
                          raqam_format_persian_digit (predicted), percent);
}

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *item)
{
  gtk_list_item_set_child (item, raqam_picture_cell_new ());
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *item, RaqamPictureGrid *self)
{
  guint image = RAQAM_PICTURE_ITEM (gtk_list_item_get_item (item))->image;
  GtkWidget *holder = gtk_widget_get_parent (gtk_list_item_get_child (item));
  g_autofree char *label = describe (self->evaluation, image);

  /* The list's own widget around the picture is what gets the focus. */
  if (holder != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (holder), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                    -1);
  raqam_picture_cell_set (RAQAM_PICTURE_CELL (gtk_list_item_get_child (item)),
                          bytes (self->evaluation->pixels) + (gsize) image * RAQAM_IMAGE_SIZE,
                          label);
}

static void
activate_cb (GtkGridView *view, guint position, RaqamPictureGrid *self)
{
  g_autoptr (RaqamPictureItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), position);

  if (item != NULL)
    g_signal_emit (self, signals[PICKED], 0, item->image);
}

static GPtrArray *
find_pictures (const RaqamEvaluation *evaluation, int truth, int predicted)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);
  const guint8 *labels = bytes (evaluation->labels);
  const guint8 *read = bytes (evaluation->predicted);

  for (int i = 0; i < evaluation->settings.n_images; i++)
    if (labels[i] == truth && read[i] == predicted)
      {
        RaqamPictureItem *item = g_object_new (RAQAM_TYPE_PICTURE_ITEM, NULL);

        item->image = (guint) i;
        g_ptr_array_add (found, item);
      }
  return found;
}

guint
raqam_picture_grid_set (RaqamPictureGrid *self, RaqamEvaluation *evaluation, int truth,
                        int predicted)
{
  g_autoptr (GPtrArray) found = NULL;

  g_return_val_if_fail (RAQAM_IS_PICTURE_GRID (self), 0);

  /* The old items go first: they are numbers in the old evaluation. */
  g_list_store_remove_all (self->items);
  g_clear_pointer (&self->evaluation, raqam_evaluation_unref);
  if (evaluation == NULL)
    return 0;
  self->evaluation = raqam_evaluation_ref (evaluation);
  found = find_pictures (evaluation, truth, predicted);
  g_list_store_splice (self->items, 0, 0, found->pdata, found->len);
  return found->len;
}

static void
raqam_picture_grid_dispose (GObject *object)
{
  RaqamPictureGrid *self = RAQAM_PICTURE_GRID (object);

  if (self->items != NULL)
    g_list_store_remove_all (self->items);
  g_clear_object (&self->items);
  g_clear_pointer (&self->evaluation, raqam_evaluation_unref);

  G_OBJECT_CLASS (raqam_picture_grid_parent_class)->dispose (object);
}

static void
raqam_picture_grid_class_init (RaqamPictureGridClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = raqam_picture_grid_dispose;

  signals[PICKED] = g_signal_new ("picked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);

  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "picturegrid");
}

static void
raqam_picture_grid_init (RaqamPictureGrid *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->items = g_list_store_new (RAQAM_TYPE_PICTURE_ITEM);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), self);
  self->view = gtk_grid_view_new (
    GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->items)))),
    factory);
  gtk_grid_view_set_max_columns (GTK_GRID_VIEW (self->view), MAX_COLUMNS);
  gtk_grid_view_set_single_click_activate (GTK_GRID_VIEW (self->view), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Pictures of the cell"), -1);
  g_signal_connect (self->view, "activate", G_CALLBACK (activate_cb), self);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->view);
  adw_bin_set_child (ADW_BIN (self), scrolled);
}
