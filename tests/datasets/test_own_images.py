"""Folders of images of one's own: any usual format, brought to one size, every broken file named."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest

from reportgen.datasets.decoded import open_unlabelled
from tests.datasets.own import Desk, pictures, png

FOLDERS: dict[str, Any] = {"kind": "images", "train": "photos", "test_items": 3}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_one_folder_for_each_class(desk: Desk) -> None:
    desk.put_classes("photos", {"10": 4, "2": 4, "cat": 4})
    desk.put("photos/README.md", "not a class")
    desk.put("photos/.DS_Store", "litter")
    desk.put("photos/cat/Thumbs.db", "litter")
    data, found = desk.open(**FOLDERS), desk.find(**FOLDERS)
    assert data.class_names == ("2", "10", "cat")
    assert data.x_train.shape == (9, 4, 4, 1)
    assert sorted(data.y_test.tolist()) == [0, 1, 2]
    ((name, size, digest),) = found.files
    assert (name, len(digest)) == ("photos (12 images)", 64)
    assert size == sum(path.stat().st_size for path in desk.root.rglob("*.png"))
    assert found.own is not None and found.own.order == "folders"
    cats = [image for image, label in zip(data.x_train, data.y_train, strict=True) if label == 2]
    assert any(np.array_equal(cats[0], image) for image in pictures(12)[8:])


def test_the_order_of_the_classes_may_be_given(desk: Desk) -> None:
    desk.put_classes("photos", {"a": 4, "b": 4})
    assert desk.open(**FOLDERS, classes=["b", "a"]).class_names == ("b", "a")
    assert desk.faults(**FOLDERS, classes=["b", "c"]) == [
        'photos/a: error[unknown-class]: there is no class "a"\n  there are b, c'
    ]


def test_folders_for_testing_and_to_submit(desk: Desk) -> None:
    desk.put_classes("train", {"a": 3, "b": 3})
    desk.put_classes("test", {"b": 2, "a": 2}, seed=2)
    for number, image in enumerate(pictures(11, seed=3), 1):
        desk.put(f"new/{number}.png", png(image))
    found = desk.find(kind="images", train="train", test="test", unlabelled="new", first_id=0)
    assert found.unlabelled is not None
    assert (found.unlabelled.items, found.unlabelled.first_id, found.unlabelled.file) == (11, 0, "new")
    assert np.array_equal(open_unlabelled(found.unlabelled.folder), pictures(11, seed=3))  # 2 before 10
    assert [name for name, _, _ in found.files] == ["train (6 images)", "test (4 images)", "new (11 images)"]


@pytest.mark.parametrize(
    ("form", "options", "suffix"),
    [
        ("PNG", {}, "png"),
        ("BMP", {}, "bmp"),
        ("TIFF", {}, "tif"),
        ("PPM", {}, "ppm"),
        ("WEBP", {"lossless": True}, "webp"),
    ],
)
def test_formats_that_lose_nothing(desk: Desk, form: str, options: dict[str, Any], suffix: str) -> None:
    images = pictures(6, channels=3)
    for number, image in enumerate(images):
        desk.put(f"photos/{'ab'[number % 2]}/{number}.{suffix.upper()}", png(image, form, **options))
    data = desk.open(kind="images", train="photos", test_items=2)
    assert data.x_train.shape == (4, 4, 4, 3)
    both = {image.tobytes() for image in (*data.x_train, *data.x_test)}
    assert both == {image.tobytes() for image in images}


def test_jpeg_palettes_and_one_bit(desk: Desk) -> None:
    plain = np.full((8, 8, 3), 200, np.uint8)
    buffer = io.BytesIO()
    PIL.Image.fromarray(plain).convert("P").save(buffer, "PNG")
    bits = io.BytesIO()
    PIL.Image.fromarray(plain[..., 0]).convert("1").save(bits, "PNG")
    desk.put_classes("photos", {"a": 2, "b": 3}, side=8)
    for name, content in {
        "a/jpeg.jpg": png(plain, "JPEG"), "a/palette.png": buffer.getvalue(), "a/bits.png": bits.getvalue(),
    }.items():  # fmt: skip
        desk.put(f"photos/{name}", content)
    found = desk.find(**FOLDERS, colour="grey")
    assert found.own is not None and found.own.recoloured == 2  # the JPEG and the palette
    assert desk.open(**FOLDERS, colour="grey").x_train.shape[1:] == (8, 8, 1)


@pytest.mark.parametrize(
    ("fit", "expected"),
    [
        ("pad", [[0, 0, 0, 0], [9, 9, 9, 9], [9, 9, 9, 9], [0, 0, 0, 0]]),
        ("stretch", [[9, 9, 9, 9]] * 4),
        ("crop", [[9, 9, 9, 9]] * 4),
    ],
)
def test_images_are_brought_to_one_size(desk: Desk, fit: str, expected: list[list[int]]) -> None:
    desk.put_classes("photos", {"a": 3, "b": 3})
    desk.put("photos/a/wide.png", png(np.full((8, 16, 1), 9, np.uint8)))
    table = FOLDERS | {"test_items": 2, "size": [4, 4], "fit": fit}
    data, found = desk.open(**table), desk.find(**table)
    assert found.own is not None and found.own.resized == 1
    both = [image[..., 0].tolist() for image in (*data.x_train, *data.x_test)]
    assert both.count(expected) == 1


def test_transparent_pixels_need_a_background(desk: Desk) -> None:
    desk.put_classes("photos", {"a": 3, "b": 3}, channels=3)
    clear = np.zeros((4, 4, 4), np.uint8)
    buffer = io.BytesIO()
    PIL.Image.fromarray(clear).save(buffer, "PNG")
    desk.put("photos/a/clear.png", buffer.getvalue())
    (fault,) = desk.faults(**FOLDERS)
    assert fault.startswith("photos/a/clear.png: error[transparent]: it has transparent pixels")
    data = desk.open(**FOLDERS, background="white")
    assert any((image == 255).all() for image in (*data.x_train, *data.x_test))


def test_what_the_camera_turned_is_turned_back(desk: Desk) -> None:
    desk.put_classes("photos", {"a": 3, "b": 3}, channels=3)
    image = PIL.Image.fromarray(np.zeros((2, 4, 3), np.uint8))
    exif = image.getexif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif)
    desk.put("photos/a/turned.jpg", buffer.getvalue())
    (fault,) = desk.faults(**FOLDERS)
    assert "expected 4 x 4 pixels as the images before, found 4 x 2" in fault


def test_every_broken_file_is_named(desk: Desk) -> None:
    desk.put_classes("photos", {"cat": 4, "dog": 4})
    whole = png(pictures(1, side=64)[0])
    frames = io.BytesIO()
    first, second = (PIL.Image.fromarray(image[..., 0]) for image in pictures(2))
    first.save(frames, "GIF", save_all=True, append_images=[second])
    deep = io.BytesIO()
    PIL.Image.fromarray(np.zeros((4, 4), np.uint16)).save(deep, "PNG")
    for name, content in {
        "cat/cut.png": whole[:200], "cat/empty.png": b"", "cat/text.png": b"not an image", "dog/notes.txt": b"-",
        "dog/deep.png": deep.getvalue(), "dog/film.gif": frames.getvalue(), "dog/large.png": whole,
        "dog/rgb.png": png(pictures(1, channels=3)[0]), "stray.png": whole, "dog/more/a.png": whole,
    }.items():  # fmt: skip
        desk.put(f"photos/{name}", content)
    (desk.root / "photos" / "bird").mkdir()
    assert desk.faults(**FOLDERS) == [
        "photos/bird: error[empty-class]: the folder of the class has no images",
        "photos/cat/cut.png: error[broken-image]: the image is broken: image file is truncated\n"
        "  save it again, or take it away",
        "photos/cat/empty.png: error[empty-file]: expected data, found 0 bytes",
        "photos/cat/text.png: error[broken-image]: it is no image, or its beginning is broken\n"
        "  save it again, or take it away",
        "photos/dog/deep.png: error[too-deep]: expected 8 bits a channel, found more: save it with 8",
        "photos/dog/film.gif: error[several-frames]: expected one image, found 2 in one file",
        "photos/dog/large.png: error[sizes-differ]: expected 4 x 4 pixels as the images before, found 64 x 64\n"
        "  say what size to bring them to: size = [28, 28]",
        "photos/dog/more: error[nested-folder]: expected images, found a folder in the folder of a class",
        "photos/dog/notes.txt: error[not-an-image]: expected an image (.png, .jpg, .jpeg, .bmp, .gif, .tif, .tiff,"
        " .webp, .pgm, .ppm, .pbm), found another file\n  take it away",
        "photos/dog/rgb.png: error[colours-differ]: expected grey as the images before, found colour\n"
        '  say what to bring them to: colour = "grey" or "rgb"',
        "photos/stray.png: error[outside-class]: the image is in no folder of a class\n"
        "  move it into the folder of its class",
    ]


def test_a_folder_without_images(desk: Desk) -> None:
    (desk.root / "photos").mkdir()
    (fault,) = desk.faults(**FOLDERS)
    assert fault.startswith(
        "photos: error[no-images]: expected folders of images, one for each class, found none"
    )


def test_an_image_far_too_large_is_not_unpacked(desk: Desk) -> None:
    desk.put_classes("photos", {"a": 3, "b": 3})
    for name, size in {"bomb.png": (20_000, 6_000), "huge.png": (9_000, 9_000)}.items():
        buffer = io.BytesIO()
        PIL.Image.new("1", size).save(buffer, "PNG")
        desk.put(f"photos/a/{name}", buffer.getvalue())
    assert desk.faults(**FOLDERS) == [
        "photos/a/bomb.png: error[image-too-large]: expected at most 80,000,000 pixels, found far more",
        "photos/a/huge.png: error[image-too-large]: expected at most 80,000,000 pixels, found 9,000 x 9,000",
    ]
