// How the search index is made and asked: the same for build and page. Nothing to read first.

/**
 * Documents: `id` is the address from the site's folder, `place` the lesson ("Step 4"), `code` the names in
 * the cells of the section.
 * @type {import("minisearch").Options}
 */
export const searchOptions = {
  fields: ["title", "text", "code"],
  storeFields: ["place", "title", "text"],
  searchOptions: {
    boost: { title: 4, text: 2 },
    prefix: true,
    fuzzy: (word) => (word.length > 4 ? 0.2 : false),
    combineWith: "AND",
  },
};
