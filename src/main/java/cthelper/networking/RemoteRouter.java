package cthelper.networking;

import cthelper.model.RouterId;

/**
 * A router as the Networking service knows it: {@code {"router": {"id": "5c9e…", "name": "edge",
 * "project_id": "9f0c…", …}}}.
 *
 * @param projectId never empty
 */
public record RemoteRouter(RouterId id, String projectId, String name) {}
