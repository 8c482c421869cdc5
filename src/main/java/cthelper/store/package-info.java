/**
 * PostgreSQL: entities, repositories, fences, due work, the change signal. The only home of JPA and
 * SQL.
 *
 * <p>Entities and Panache repositories serve what users read and change; where the database itself
 * must decide (fence, uniqueness, clock, what is due), one SQL statement stands beside the method
 * that runs it. Entities never leave this package: values of {@code cthelper.model} do.
 *
 * <p>Every write is one short transaction. Lock order: the router's row, then its conntrack
 * helpers. A placement's row is never locked together with a router's.
 */
@NullMarked
package cthelper.store;

import org.jspecify.annotations.NullMarked;
