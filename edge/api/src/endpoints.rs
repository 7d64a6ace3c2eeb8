//! The table of endpoints: method, path, handler, operation. Routes are mounted from it and its operations decide who may call them.

use std::sync::Arc;

use axum::routing::{MethodFilter, on};
use selvedge_contract::{ErrorBody, ErrorEnvelope};

use crate::Platform;
use crate::policy::Operation;
use crate::routes::{account, cells, docs, events, health, internal, kernel, keys, notebooks, projects, runs, scratch, sign_in};

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: &'static str,
    /// With `{name}` for its parts.
    pub path: &'static str,
    /// What it does; [`Operation::who`] says for whom.
    pub operation: Operation,
}

/// Can this route's path be the request's? The same number of segments, and the same fixed ones. The router itself decides.
pub fn can_reach(route: &str, path: &str) -> bool {
    let mut asked = path.split('/');
    route
        .split('/')
        .all(|part| asked.next().is_some_and(|segment| part == segment || part.starts_with('{')))
        && asked.next().is_none()
}

macro_rules! endpoints {
    ($($method:ident $path:literal $module:ident::$handler:ident $operation:ident;)*) => {
        /// Every endpoint.
        pub const ENDPOINTS: &[Endpoint] = &[
            $(Endpoint { method: stringify!($method), path: $path, operation: Operation::$operation }),*
        ];

        /// Add the endpoints that a request for `path` can reach to the router; without a path, all of them.
        pub fn mount(mut router: axum::Router<Arc<Platform>>, path: Option<&str>) -> axum::Router<Arc<Platform>> {
            $(if path.is_none_or(|path| can_reach($path, path)) {
                router = router.route($path, on(MethodFilter::$method, $module::$handler));
            })*
            router
        }

        /// The operations of every endpoint that is described, from the attributes of its handler.
        #[derive(utoipa::OpenApi)]
        #[openapi(paths($($module::$handler),*), components(schemas(ErrorEnvelope, ErrorBody)))]
        pub(crate) struct Described;
    };
}

endpoints! {
    POST   "/api/v1/scratch"                              scratch::make_scratch       MakeScratch;
    GET    "/api/v1/me"                                   account::read_me            ReadMe;
    POST   "/api/v1/projects"                             projects::create_project    CreateProject;
    GET    "/api/v1/projects"                             projects::list_projects     ListProjects;
    GET    "/api/v1/projects/{project}"                   projects::read_project      ReadProject;
    PUT    "/api/v1/projects/{project}/settings"          projects::set_settings      SetSettings;
    GET    "/api/v1/projects/{project}/account"           account::read_account       ReadAccount;
    POST   "/api/v1/projects/{project}/notebooks"         notebooks::create_notebook  CreateNotebook;
    GET    "/api/v1/projects/{project}/notebooks"         notebooks::list_notebooks   ListNotebooks;
    GET    "/api/v1/notebooks/{notebook}"                 notebooks::read_notebook    ReadNotebook;
    DELETE "/api/v1/notebooks/{notebook}"                 notebooks::remove_notebook  RemoveNotebook;
    POST   "/api/v1/notebooks/{notebook}/fork"            notebooks::fork_notebook    ForkNotebook;
    POST   "/api/v1/notebooks/{notebook}/cells"           cells::add_cell             AddCell;
    PUT    "/api/v1/notebooks/{notebook}/cells/{cell}"    cells::put_cell             PutCell;
    DELETE "/api/v1/notebooks/{notebook}/cells/{cell}"    cells::remove_cell          RemoveCell;
    POST   "/api/v1/notebooks/{notebook}/cells/{cell}/run" cells::run_cell            RunCell;
    GET    "/api/v1/notebooks/{notebook}/kernel/checkpoints" kernel::list_checkpoints ListCheckpoints;
    PUT    "/api/v1/notebooks/{notebook}/kernel/checkpoints/{number}/names/{name}" kernel::name_checkpoint NameCheckpoint;
    DELETE "/api/v1/notebooks/{notebook}/kernel/checkpoints/{number}/names/{name}" kernel::unname_checkpoint NameCheckpoint;
    GET    "/api/v1/notebooks/{notebook}/kernel/diff"     kernel::diff_checkpoints    DiffCheckpoints;
    POST   "/api/v1/notebooks/{notebook}/kernel/rewind"   kernel::rewind_kernel       RewindKernel;
    POST   "/api/v1/notebooks/{notebook}/kernel/restart"  kernel::restart_kernel      RestartKernel;
    GET    "/api/v1/notebooks/{notebook}/kernel/export"   kernel::export_kernel       ExportKernel;
    POST   "/api/v1/notebooks/{notebook}/kernel/import"   kernel::import_kernel       ImportKernel;
    POST   "/api/v1/notebooks/{notebook}/kernel/complete" kernel::complete_code       CompleteCode;
    POST   "/api/v1/notebooks/{notebook}/kernel/inspect"  kernel::inspect_code        InspectCode;
    POST   "/api/v1/notebooks/{notebook}/kernel/is-complete" kernel::check_code       CheckCode;
    GET    "/api/v1/notebooks/{notebook}/kernel/variables" kernel::list_variables     ListVariables;
    POST   "/api/v1/notebooks/{notebook}/kernel/page"     kernel::read_page           ReadPage;
    POST   "/api/v1/runs"                                 runs::create_run            CreateRun;
    GET    "/api/v1/runs/{run}"                           runs::read_run              ReadRun;
    GET    "/api/v1/runs/{run}/receipt"                   runs::read_receipt          ReadReceipt;
    GET    "/api/v1/projects/{project}/runs"              runs::list_runs             ListRuns;
    GET    "/api/v1/runs/{run}/events"                    events::follow_run          FollowRun;
    POST   "/api/v1/runs/{run}/cancel"                    runs::cancel_run            CancelRun;
    POST   "/api/v1/runs/{run}/input"                     runs::answer_run            AnswerRun;
    POST   "/api/v1/projects/{project}/keys"              keys::create_key            CreateKey;
    GET    "/api/v1/projects/{project}/keys"              keys::list_keys             ListKeys;
    DELETE "/api/v1/keys/{key}"                           keys::revoke_key            RevokeKey;
    POST   "/api/v1/internal/runs/{run}/report"           internal::report_run        Report;
    GET    "/api/v1/openapi.json"                         docs::read_openapi          ReadDocs;
    GET    "/docs/errors"                                 docs::read_errors           ReadDocs;
    GET    "/docs/errors/{code}"                          docs::read_error            ReadDocs;
    POST   "/try"                                         scratch::try_it             TryIt;
    POST   "/sign-in/link"                                sign_in::redeem_link        RedeemLink;
    POST   "/sign-out"                                    sign_in::sign_out           SignOut;
    GET    "/.well-known/jwks.json"                       docs::read_key_set          ReadKeySet;
    GET    "/health/live"                                 health::live                ReadHealth;
    GET    "/health/ready"                                health::ready               ReadHealth;
    GET    "/version"                                     health::version             ReadHealth;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_can_reach_its_own_route_and_none_of_another_shape() {
        for endpoint in ENDPOINTS {
            let path: Vec<&str> = endpoint
                .path
                .split('/')
                .map(|part| if part.starts_with('{') { "x%2Fy" } else { part })
                .collect();
            let path = path.join("/");
            assert!(can_reach(endpoint.path, &path), "{path}");
            assert!(!can_reach(endpoint.path, &format!("{path}/more")), "{path}/more");
        }
        assert!(!can_reach("/api/v1/runs/{run}", "/api/v1/projects/1"));
        assert!(!can_reach("/docs", "/docs/"));
    }
}
