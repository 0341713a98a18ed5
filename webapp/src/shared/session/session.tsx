/* Who is logged in. Only rendered where somebody is: what needs a person can take one for granted. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createContext, use, type ReactNode } from "react";
import { setCsrfToken } from "@/api/client";
import { isStatus } from "@/api/errors";
import { keys } from "@/api/queries";
import type { Me } from "@/api/types";
import { logOut } from "@/api/writes";

const SessionContext = createContext<Me | null>(null);

export function SessionProvider({ me, children }: { me: Me; children: ReactNode }) {
  return <SessionContext value={me}>{children}</SessionContext>;
}

export function useMe(): Me {
  const me = use(SessionContext);
  if (me === null) throw new Error("useMe outside of SessionProvider");
  return me;
}

export function isOperator(me: Me): boolean {
  return me.role !== "customer";
}

/** Ends the session, and lets go of everything that was read in it (see App); when the server already ended it, that is as good. */
export function useLogOut(onGone: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      try {
        await logOut();
      } catch (error) {
        if (!isStatus(error, 401)) throw error;
      }
    },
    onSuccess: () => {
      setCsrfToken(null);
      onGone();
      queryClient.setQueryData(keys.expired, false);
      queryClient.setQueryData(keys.me, null);
    },
  });
}
