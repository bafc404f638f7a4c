/* kept-item.c — one kept picture, as the lists of the window show it.
 * SPDX-License-Identifier: MIT */

#include "app/kept-item.h"

struct _RaqamKeptItem
{
  GObject parent_instance;

  RaqamKept *kept;
};

enum
{
  PROP_0,
  PROP_NAME,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RaqamKeptItem, raqam_kept_item, G_TYPE_OBJECT)

const char *
raqam_kept_item_get_name (RaqamKeptItem *self)
{
  g_return_val_if_fail (RAQAM_IS_KEPT_ITEM (self), NULL);

  return self->kept->name;
}

void
raqam_kept_item_set_name (RaqamKeptItem *self, const char *name)
{
  g_return_if_fail (RAQAM_IS_KEPT_ITEM (self));
  g_return_if_fail (name != NULL);

  if (g_str_equal (self->kept->name, name))
    return;
  g_free (self->kept->name);
  self->kept->name = g_strdup (name);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NAME]);
}

const RaqamStyle *
raqam_kept_item_get_style (RaqamKeptItem *self)
{
  g_return_val_if_fail (RAQAM_IS_KEPT_ITEM (self), NULL);

  return &self->kept->record->style;
}

const guint8 *
raqam_kept_item_get_pixels (RaqamKeptItem *self)
{
  g_return_val_if_fail (RAQAM_IS_KEPT_ITEM (self), NULL);

  return self->kept->pixels;
}

const RaqamKept *
raqam_kept_item_get_kept (RaqamKeptItem *self)
{
  g_return_val_if_fail (RAQAM_IS_KEPT_ITEM (self), NULL);

  return self->kept;
}

static void
raqam_kept_item_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_NAME)
    g_value_set_string (value, RAQAM_KEPT_ITEM (object)->kept->name);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
raqam_kept_item_finalize (GObject *object)
{
  raqam_kept_free (RAQAM_KEPT_ITEM (object)->kept);

  G_OBJECT_CLASS (raqam_kept_item_parent_class)->finalize (object);
}

static void
raqam_kept_item_class_init (RaqamKeptItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = raqam_kept_item_get_property;
  object_class->finalize = raqam_kept_item_finalize;

  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL,
                                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
raqam_kept_item_init (RaqamKeptItem *self)
{
}

RaqamKeptItem *
raqam_kept_item_new (RaqamKept *kept)
{
  RaqamKeptItem *self = g_object_new (RAQAM_TYPE_KEPT_ITEM, NULL);

  self->kept = kept;
  return self;
}
