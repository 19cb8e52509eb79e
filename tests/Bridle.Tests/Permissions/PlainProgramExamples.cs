namespace Bridle.Tests.Permissions;

/// <summary>The lines of <see cref="ProgramExamples"/> for programs that write nothing whatever they are told.</summary>
internal static class PlainProgramExamples
{
    public const string Text = """
        md5sum sha1sum sha256sum sha512sum
        + @@ -b a.txt
        - @@ -c a.txt
        - @@ --check a.txt
        - @@ -bc a.txt
        cksum
        + cksum -a sha256 a.txt
        - cksum -c a.txt
        - cksum --check a.txt
        - cksum --files0-from=a.txt
        nl
        + nl -ba -w 4 a.txt
        - nl -x a.txt
        rev
        + rev a.txt
        - rev -x a.txt
        tac
        + tac -s , a.txt
        - tac --files a.txt
        comm
        + comm -12 a.txt b.txt
        - comm --files a.txt b.txt
        cmp
        + cmp -n 5 a.txt b.txt
        - cmp --files a.txt b.txt
        cut
        + cut -d, -f1 a.txt
        - cut --files a.txt
        realpath
        + realpath --relative-to=. a.txt
        - realpath -x a.txt
        readlink
        + readlink -f a.txt
        - readlink -x a.txt
        basename
        + basename -s .txt a.txt
        - basename -x a.txt
        dirname
        + dirname -z src/a.txt
        - dirname -x a.txt
        uname
        + uname -a
        - uname -x
        whoami
        + whoami
        - whoami -x
        tr
        + tr -d x
        - tr -x y
        seq
        + seq -w 1 10
        + seq -1 3
        - seq --files 1
        [
        + [ -f a.txt ]
        - [ -v 'a[$(x)]' ]
        """;
}
