use std::fs;
use std::path::PathBuf;

use selvedge_test_s3::{BUCKET, SECRET, Server, Weather};
use tokio::runtime::Runtime;

use super::*;

const PATIENCE: Duration = Duration::from_millis(400);

struct Ground {
    server: Server,
    runtime: Runtime,
}

impl Ground {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        Self {
            server: Server::start().unwrap(),
            runtime,
        }
    }

    fn bucket(&self) -> Bucket {
        Bucket {
            name: BUCKET.to_owned(),
            prefix: "a prefix/of+two".to_owned(),
            endpoint: Some(self.server.endpoint()),
            region: "us-east-1".to_owned(),
            credentials: Credentials::File(self.server.credentials()),
            patience: PATIENCE,
        }
    }

    fn try_open(&self, bucket: Bucket) -> io::Result<S3> {
        S3::open(bucket, self.runtime.handle().clone())
    }

    fn open(&self) -> S3 {
        self.try_open(self.bucket()).unwrap()
    }

    /// What is said about a bucket that cannot be used.
    fn refusal(&self, bucket: Bucket) -> String {
        self.try_open(bucket).map(drop).unwrap_err().to_string()
    }
}

fn certified(bytes: &[u8]) -> Vec<u8> {
    [blake3::hash(bytes).as_bytes(), bytes].concat()
}

#[test]
fn what_was_put_is_there_for_everybody_and_nothing_is_left_of_the_look() {
    let ground = Ground::new();
    let (one, two) = (ground.open(), ground.open());
    let bytes = certified(b"checkpoint");
    one.put_new("k", "1", &bytes).unwrap();
    assert_eq!(
        (two.get("k", "1").unwrap(), two.front("k", "1", 5).unwrap()),
        (bytes.clone(), bytes[..5].to_vec())
    );
    let listed = Listed {
        name: "1".to_owned(),
        bytes: bytes.len() as u64,
        whole: true,
    };
    assert_eq!(two.list("k").unwrap(), [listed]);
    assert!(two.list("probe").unwrap().is_empty() && two.list("nothing").unwrap().is_empty());
    two.delete("k", "1").unwrap();
    two.delete("k", "1").unwrap();
    assert_eq!(one.get("k", "1").unwrap_err().kind(), io::ErrorKind::NotFound);
    assert_eq!(one.front("k", "1", 5).unwrap_err().kind(), io::ErrorKind::NotFound);
}

#[test]
fn a_folder_of_more_names_than_an_answer_has_is_listed_whole() {
    let ground = Ground::new();
    let s3 = ground.open();
    s3.put_new("k", "1", &certified(b"")).unwrap();
    let folder = fs::read_dir(ground.server.folder().join("a prefix/of+two")).unwrap();
    let folder: PathBuf = folder.map(|entry| entry.unwrap().path()).find(|path| path.ends_with("k")).unwrap();
    for number in 2..=2_300 {
        fs::write(folder.join(number.to_string()), "").unwrap();
    }
    ground.server.requests();
    assert_eq!(s3.list("k").unwrap().len(), 2_300);
    assert_eq!(ground.server.requests().len(), 3);
}

#[test]
fn of_many_who_write_the_same_name_exactly_one_succeeds() {
    let ground = Ground::new();
    let nodes: Vec<S3> = (0..4).map(|_| ground.open()).collect();
    for name in 0..20 {
        let winners: Vec<usize> = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..8)
                .map(|writer| {
                    let node = &nodes[writer % nodes.len()];
                    scope.spawn(move || {
                        node.put_new("k", &name.to_string(), &certified(&[u8::try_from(writer).unwrap()]))
                            .is_ok()
                    })
                })
                .collect();
            let won = writers
                .into_iter()
                .enumerate()
                .map(|(writer, thread)| (writer, thread.join().unwrap()));
            won.filter_map(|(writer, won)| won.then_some(writer)).collect()
        });
        let [winner] = winners[..] else { panic!("{winners:?}") };
        assert_eq!(
            nodes[0].get("k", &name.to_string()).unwrap(),
            certified(&[u8::try_from(winner).unwrap()])
        );
    }
}

#[test]
fn an_answer_that_is_lost_does_not_make_what_was_kept_somebody_elses() {
    let ground = Ground::new();
    let s3 = ground.open();
    s3.put_new("k", "taken", &certified(b"theirs")).unwrap();
    ground.server.set(Weather::AnswersLost);
    s3.put_new("k", "1", &certified(b"ours")).unwrap();
    assert!(matches!(s3.put_new("k", "taken", &certified(b"ours")), Err(PutError::Taken)));
    assert_eq!(s3.get("k", "taken").unwrap(), certified(b"theirs"));
}

#[test]
fn a_busy_store_is_asked_again_and_a_store_that_is_away_for_a_moment_as_well() {
    let ground = Ground::new();
    let s3 = ground.open();
    ground.server.set(Weather::Busy(3));
    s3.put_new("k", "1", &certified(b"1")).unwrap();
    ground.server.set(Weather::Busy(3));
    assert_eq!(s3.list("k").unwrap().len(), 1);
    ground.server.set(Weather::Fine);
    ground.server.go_away();
    std::thread::scope(|scope| {
        let put = scope.spawn(|| s3.put_new("k", "2", &certified(b"2")));
        ground.server.come_back().unwrap();
        put.join().unwrap().unwrap();
    });
    assert_eq!(s3.list("k").unwrap().len(), 2);
}

#[test]
fn a_store_that_is_away_for_long_has_kept_nothing_and_says_so() {
    let ground = Ground::new();
    let s3 = ground.open();
    ground.server.go_away();
    let Err(PutError::Failed(error)) = s3.put_new("k", "1", &certified(b"1")) else {
        panic!()
    };
    assert_eq!(error.kind(), io::ErrorKind::NotConnected);
    assert!(
        error.to_string().contains("cannot be reached") && error.to_string().contains("--store-endpoint"),
        "{error}"
    );
    assert_eq!(s3.list("k").unwrap_err().kind(), io::ErrorKind::NotConnected);
    ground.server.come_back().unwrap();
    assert!(s3.list("k").unwrap().is_empty());
}

#[test]
fn of_a_store_that_answers_too_late_it_is_said_that_nobody_knows() {
    let ground = Ground::new();
    let s3 = ground.open();
    ground.server.set(Weather::Slow(PATIENCE * 20));
    let began = Instant::now();
    assert!(matches!(s3.put_new("k", "1", &certified(b"1")), Err(PutError::Unclear(_))));
    assert!(began.elapsed() < PATIENCE * 19, "it did not give up");
    assert_eq!(s3.get("k", "1").unwrap_err().kind(), io::ErrorKind::TimedOut);
}

#[test]
fn what_is_wrong_with_a_bucket_is_said_with_what_to_do_when_it_is_opened() {
    let ground = Ground::new();
    let elsewhere = Bucket {
        name: "no-such-bucket".to_owned(),
        ..ground.bucket()
    };
    let said = ground.refusal(elsewhere);
    assert!(
        said.contains("there is no bucket no-such-bucket") && said.contains("--store"),
        "{said}"
    );

    let words = ground.server.folder().join("words");
    fs::write(&words, "aws_access_key_id = AKIDTEST\naws_secret_access_key = wrong word\n").unwrap();
    let stranger = Bucket {
        credentials: Credentials::File(words),
        ..ground.bucket()
    };
    let said = ground.refusal(stranger);
    assert!(
        said.contains("refuses the credentials") && said.contains("AWS_SECRET_ACCESS_KEY"),
        "{said}"
    );
    assert!(!said.contains("wrong word"));

    ground.server.set(Weather::Careless);
    let plain = Bucket {
        prefix: "plain".to_owned(),
        ..ground.bucket()
    };
    let said = ground.refusal(plain);
    assert!(said.contains("If-None-Match") && said.contains("another store"), "{said}");
    ground.server.go_away();
    assert!(ground.refusal(ground.bucket()).contains("cannot be reached"));
}

#[test]
fn no_secret_is_in_a_request_line_or_in_what_can_be_logged() {
    let ground = Ground::new();
    let s3 = ground.open();
    s3.put_new("k", "1", &certified(b"1")).unwrap();
    let requests = ground.server.requests().join("\n");
    assert!(requests.contains("PUT /kernels/"), "{requests}");
    for said in [requests, format!("{s3:?} {:?}", ground.bucket())] {
        assert!(
            !said.contains(SECRET) && !said.contains("Signature") && !said.contains("Credential="),
            "{said}"
        );
    }
}
