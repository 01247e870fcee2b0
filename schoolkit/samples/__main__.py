"""``python -m schoolkit.samples [FOLDER]``: write the sample files."""

import argparse
from pathlib import Path

from schoolkit.samples.files import write_samples


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m schoolkit.samples",
        description="지어낸 학생으로 예시 파일을 만듭니다. 같은 이름의 파일은 새로 씁니다.",
    )
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=Path("sample_data"),
        help="파일을 만들 폴더 (기본: sample_data)",
    )
    for path in write_samples(parser.parse_args(arguments).folder):
        print(path)


if __name__ == "__main__":
    main()
