/* Pages of a list. A filtered page of the server may be empty and still not be the last: then the next one is asked for by itself. */
import { useEffect } from "react";
import { useI18n } from "@/shared/i18n/i18n";

interface Paged {
  hasNextPage: boolean;
  isFetching: boolean;
  isFetchingNextPage: boolean;
  isError: boolean;
  fetchNextPage: () => unknown;
  data: { pages: readonly unknown[] } | undefined;
}

export function useFilled({ hasNextPage, isFetching, isError, fetchNextPage, data }: Paged, count: number): void {
  // A page may come between two renders, which then differ in nothing but the number of pages.
  const pages = data?.pages.length ?? 0;
  useEffect(() => {
    if (count === 0 && hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [count, hasNextPage, isFetching, isError, fetchNextPage, pages]);
}

export function More({ query }: { query: Paged }) {
  const { t } = useI18n();
  if (!query.hasNextPage) return null;
  return (
    <button type="button" className="button" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
      {t("action.more")}
    </button>
  );
}
