package cthelper.store;

import cthelper.model.RouterId;

/** A router to be created; see {@link cthelper.model.Router} for the components. */
public record NewRouter(
    RouterId id,
    String projectId,
    String name,
    String description,
    boolean adminStateUp,
    boolean distributed,
    boolean ha) {}
