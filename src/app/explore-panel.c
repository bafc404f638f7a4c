/* explore-panel.c — a part of the Explore page that shows and changes its scene.
 * SPDX-License-Identifier: MIT */

#include "app/explore-panel.h"

typedef struct
{
  RaqamExploreScene *scene;
} RaqamExplorePanelPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (RaqamExplorePanel, raqam_explore_panel, ADW_TYPE_BIN)

static void
model_changed_cb (RaqamExplorePanel *self)
{
  RaqamExplorePanelPrivate *priv = raqam_explore_panel_get_instance_private (self);
  RaqamExplorePanelClass *klass = RAQAM_EXPLORE_PANEL_GET_CLASS (self);

  if (gtk_widget_get_mapped (GTK_WIDGET (self)) && klass->model_changed != NULL)
    klass->model_changed (self, priv->scene);
}

static void
changed_cb (RaqamExplorePanel *self)
{
  RaqamExplorePanelPrivate *priv = raqam_explore_panel_get_instance_private (self);
  RaqamExplorePanelClass *klass = RAQAM_EXPLORE_PANEL_GET_CLASS (self);

  if (gtk_widget_get_mapped (GTK_WIDGET (self)) && klass->changed != NULL)
    klass->changed (self, priv->scene);
}

void
raqam_explore_panel_set_scene (RaqamExplorePanel *self, RaqamExploreScene *scene)
{
  RaqamExplorePanelPrivate *priv = raqam_explore_panel_get_instance_private (self);
  RaqamExplorePanelClass *klass = RAQAM_EXPLORE_PANEL_GET_CLASS (self);

  g_return_if_fail (RAQAM_IS_EXPLORE_PANEL (self));
  g_return_if_fail (priv->scene == NULL);

  priv->scene = g_object_ref (scene);
  g_signal_connect_object (scene, "model-changed", G_CALLBACK (model_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (scene, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  if (klass->start != NULL)
    klass->start (self, scene);
}

RaqamExploreScene *
raqam_explore_panel_get_scene (RaqamExplorePanel *self)
{
  RaqamExplorePanelPrivate *priv = raqam_explore_panel_get_instance_private (self);

  g_return_val_if_fail (RAQAM_IS_EXPLORE_PANEL (self), NULL);

  return priv->scene;
}

static void
raqam_explore_panel_map (GtkWidget *widget)
{
  RaqamExplorePanel *self = RAQAM_EXPLORE_PANEL (widget);
  RaqamExplorePanelPrivate *priv = raqam_explore_panel_get_instance_private (self);

  GTK_WIDGET_CLASS (raqam_explore_panel_parent_class)->map (widget);

  if (priv->scene == NULL || raqam_explore_scene_get_model (priv->scene) == NULL)
    return;
  model_changed_cb (self);
  changed_cb (self);
}

static void
raqam_explore_panel_dispose (GObject *object)
{
  RaqamExplorePanelPrivate *priv
    = raqam_explore_panel_get_instance_private (RAQAM_EXPLORE_PANEL (object));

  g_clear_object (&priv->scene);

  G_OBJECT_CLASS (raqam_explore_panel_parent_class)->dispose (object);
}

static void
raqam_explore_panel_class_init (RaqamExplorePanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = raqam_explore_panel_dispose;
  GTK_WIDGET_CLASS (klass)->map = raqam_explore_panel_map;
}

static void
raqam_explore_panel_init (RaqamExplorePanel *self)
{
}
