package cthelper.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One thing this service can do, under the name by which clients ask for it. Names and dates of
 * Neutron's own are those of neutron-lib's API definitions.
 *
 * @param updated when it was defined, for example {@code 2019-04-04T10:00:00-00:00}
 */
record Extension(String name, String alias, String description, String updated) {

  private static final String OURS = "2026-11-25T00:00:00-00:00";

  static final List<Extension> ALL =
      List.of(
          new Extension("Neutron L3 Router", "router", "Routers.", "2012-07-20T10:00:00-00:00"),
          new Extension(
              "L3 Conntrack helper",
              "l3-conntrack-helper",
              "Conntrack helpers of routers.",
              "2019-04-04T10:00:00-00:00"),
          new Extension(
              "Expose CT target rules for conntrack helper",
              "expose-l3-conntrack-helper",
              "Routers show their conntrack helpers.",
              "2019-04-04T10:00:00-00:00"),
          new Extension("agent", "agent", "The nodes.", "2013-02-03T10:00:00-00:00"),
          new Extension(
              "Pagination support",
              "pagination",
              "limit, marker and page_reverse in lists.",
              "2016-06-12T00:00:00-00:00"),
          new Extension(
              "Sorting support",
              "sorting",
              "sort_key and sort_dir in lists.",
              "2016-06-12T00:00:00-00:00"),
          new Extension(
              "project_id field enabled",
              "project-id",
              "project_id beside tenant_id.",
              "2016-09-09T09:09:09-09:09"),
          new Extension(
              "Filter parameters validation",
              "filter-validation",
              "A filter that does not exist is an error.",
              "2018-03-21T10:00:00-00:00"),
          new Extension(
              "Resource revision numbers",
              "standard-attr-revisions",
              "revision_number of routers.",
              "2016-04-11T10:00:00-00:00"),
          new Extension(
              "If-Match constraints based on revision_number",
              "revision-if-match",
              "If-Match in updates and deletes.",
              "2016-12-11T00:00:00-00:00"),
          new Extension(
              "Resource timestamps",
              "standard-attr-timestamp",
              "created_at and updated_at of routers.",
              "2016-09-12T10:00:00-00:00"),
          new Extension(
              "standard-attr-description",
              "standard-attr-description",
              "description of routers.",
              "2016-02-10T10:00:00-00:00"),
          new Extension(
              "Conntrack helper status",
              "conntrack-helper-status",
              "status, status_reason, revision_number, created_at and updated_at of conntrack"
                  + " helpers, and their ETag.",
              OURS),
          new Extension(
              "Conntrack helper types",
              "conntrack-helper-types",
              "Which conntrack helpers there are, and which nodes have them.",
              OURS),
          new Extension(
              "Router placements",
              "router-placements",
              "Where a router lives, and what the kernel there was proven to hold.",
              OURS));

  Map<String, Object> shown() {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("name", name);
    shown.put("alias", alias);
    shown.put("description", description);
    shown.put("updated", updated);
    shown.put("links", List.of());
    return shown;
  }
}
