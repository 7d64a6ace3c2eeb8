//! Where the signing key comes from.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use selvedge_auth::Auth;
use selvedge_ports::fake::{MapSettings, SeededEntropy};
use selvedge_ports::{Auth as _, ErrorKind};

use crate::support::{assert_unauthenticated, fixture};

#[tokio::test]
async fn an_installation_makes_its_key_once_and_keeps_it_over_restarts() {
    let at = fixture().await;
    let signed_in = at.auth.begin_anonymous().await.unwrap();
    let later = at.another(&[]);
    assert_eq!(later.jwks().await.unwrap(), at.auth.jwks().await.unwrap());
    assert_eq!(later.authenticate(&signed_in.access).await.unwrap(), signed_in.principal);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_that_need_the_first_key_at_once_agree_on_it() {
    let at = fixture().await;
    let edges: Vec<_> = (0..20)
        .map(|seed| {
            let edge = Auth::new(
                at.sql.clone(),
                at.clock.clone(),
                Arc::new(SeededEntropy::new(seed)),
                Arc::new(MapSettings::default()),
            );
            tokio::spawn(async move { edge.jwks().await.unwrap() })
        })
        .collect();
    let mut keys = std::collections::HashSet::new();
    for edge in edges {
        keys.insert(edge.await.unwrap());
    }
    assert_eq!(keys.len(), 1);
}

#[tokio::test]
async fn the_operators_key_goes_before_and_a_wrong_one_is_named() {
    let at = fixture().await;
    let signed_in = at.auth.begin_anonymous().await.unwrap();
    let seed = URL_SAFE_NO_PAD.encode([3; 32]);
    let (one, two) = (
        at.another(&[("signing-key", &seed)]),
        at.another(&[("signing-key", &format!("{seed}=\n"))]),
    );
    assert_eq!(one.jwks().await.unwrap(), two.jwks().await.unwrap());
    assert_ne!(one.jwks().await.unwrap(), at.auth.jwks().await.unwrap());
    assert_unauthenticated(one.authenticate(&signed_in.access).await, "signed by another key");
    one.refresh(&signed_in.refresh).await.unwrap();
    for wrong in ["short", "not base64 !", &URL_SAFE_NO_PAD.encode([3; 33])] {
        let refused = at.another(&[("signing-key", wrong)]).jwks().await.unwrap_err();
        assert!(refused.kind == ErrorKind::Internal && refused.message.contains("signing-key") && !refused.message.contains(wrong));
    }
}
