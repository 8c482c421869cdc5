/**
 * PostgreSQL: entities, repositories, fences, due work, the change signal. The only home of JPA and
 * SQL.
 */
@NullMarked
package cthelper.store;

import org.jspecify.annotations.NullMarked;
