namespace Bridle.Tests.Permissions;

/// <summary>
/// For each program of <c>ProgramOptions</c>: what a rule <c>Bash(program:*)</c> lets run (+) and what it leaves to be asked (-). A program without its lines fails the
/// tests; so does one that is listed here and has no entry there.
/// </summary>
internal static class ProgramExamples
{
    public static IReadOnlyList<(string Program, bool Allowed, string Command)> All { get; } = [.. Read()];

    private static IEnumerable<(string Program, bool Allowed, string Command)> Read()
    {
        var programs = Array.Empty<string>();
        foreach (var line in $"{Text}\n{PlainProgramExamples.Text}".Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line is ['+' or '-', ' ', .. var command])
            {
                foreach (var program in programs)
                {
                    yield return (program, line[0] == '+', command.Replace("@@", program, StringComparison.Ordinal));
                }
            }
            else
            {
                programs = line.Split(' ');
            }
        }
    }

    // @@ is the program, where several share their lines.
    private const string Text = """
        cat
        + cat -n a.txt
        - cat --files0-from=a.txt
        head
        + head -n 5 a.txt
        - head --files-from a.txt
        tail
        + tail -f -n 5 a.txt
        - tail --pid=1 a.txt
        wc
        + wc -l a.txt
        - wc --files0-from=a.txt
        ls
        + ls -la --color=never src
        - ls --hyperlink
        pwd
        + pwd -P
        - pwd -x
        stat
        + stat -c %s a.txt
        - stat --cached=never a.txt
        du
        + du -sh --max-depth=1 src
        - du --files0-from=a.txt
        - du -X a.txt
        df
        + df -h
        - df --sync
        which
        + which -a ls
        - which --read-alias ls
        type
        + type -a ls
        - type -x ls
        cd
        + cd -P src
        - cd -e src
        date
        + date -u +%s
        + date -d yesterday +%F
        - date -s 12:00
        - date --set=12:00
        - date 010203042026
        - date -u 010203042026
        - date -f a.txt
        - date --file=a.txt
        tree
        + tree -L 2 -a src
        - tree -o out.txt
        - tree -ao out.txt
        - tree -R -H . -L 1
        - tree --fromfile a.txt
        - tree --output=out
        file
        + file -b a.txt
        - file -C -m a.txt
        - file -f a.txt
        - file -m a.txt b
        - file --compile
        - file --files-from a.txt
        - file -z a.gz
        diff
        + diff -u a.txt b.txt
        - diff -l a.txt b.txt
        - diff --paginate a.txt b.txt
        - diff --from-file=a b
        - diff -X a.txt a b
        diff3
        + diff3 -m a b c
        - diff3 --diff-program=./x a b c
        - diff3 --diff=./x a b c
        sdiff
        + sdiff -w 80 a b
        - sdiff --diff-program=./x a b
        - sdiff -o out a b
        - sdiff -so out a b
        - sdiff --output=out a b
        grep egrep fgrep
        + @@ -rn '--include=*.cs' x src
        - @@ --file=a.txt x
        - @@ --exclude-from=a.txt x
        rg
        + rg -n -g '*.cs' x src
        - rg --pre ./x y
        - rg --pre=./x y
        - rg --hostname-bin ./x y
        - rg -z x
        - rg -nz x
        - rg --search-zip x
        - rg --ignore-file a x
        - rg --file a x
        ag
        + ag -i x src
        - ag --pager ./x y
        - ag --pager=./x y
        - ag -p a.txt x
        ack
        + ack -i x src
        - ack --pager=./x y
        - ack --ackrc=./x y
        - ack --output=x y
        sort
        + sort -n -k 2 a.txt
        - sort -o out a.txt
        - sort a.txt -o out
        - sort -nout a.txt
        - sort --output=out a.txt
        - sort --out=out a.txt
        - sort --compress-program=./x a.txt
        - sort -T /tmp a.txt
        - sort --temporary-directory=/tmp a.txt
        - sort --files0-from=a.txt
        - sort --random-source=a.txt
        uniq
        + uniq -c a.txt
        - uniq a.txt out
        - uniq -f 1 a.txt out
        - uniq +1 a.txt out
        - uniq -1 a.txt out
        - uniq -- a.txt out
        shuf
        + shuf -n 3 a.txt
        - shuf -o out a.txt
        - shuf -eo out a.txt
        - shuf --output=out a.txt
        - shuf --random-source=a.txt
        xxd
        + xxd -l 16 -g 1 a.txt
        + xxd -c16 a.txt
        - xxd a.txt out
        - xxd -r a.txt out
        - xxd -revert a.txt
        - xxd -p -r a.txt
        - xxd -ps a.txt out
        - xxd -ac a.txt out
        - xxd -cols 5 a.txt
        base64
        + base64 -d a.txt
        - base64 -o out a.txt
        - base64 -Do out a.txt
        - base64 --output=out a.txt
        iconv
        + iconv -f latin1 -t utf-8 a.txt
        - iconv -o out a.txt
        - iconv --output=out a.txt
        hostname
        + hostname -f
        - hostname other
        - hostname -F a.txt
        - hostname -b other
        yq
        + yq -r .a a.yml
        - yq -i '.a = 1' a.yml
        - yq --inplace '.a = 1' a.yml
        - yq -s .a a.yml
        - yq --split-exp .a a.yml
        - yq 'load("/etc/passwd")'
        - yq -n 'strenv(HOME)'
        - yq -n 'system("x")'
        - yq --from-file x a.yml
        sed gsed
        + @@ -n 1,5p a.txt
        + @@ 's/a/b/g' a.txt
        - @@ -i s/a/b/ a.txt
        - @@ -ni s/a/b/ a.txt
        - @@ --in-place s/a/b/ a.txt
        - @@ --in s/a/b/ a.txt
        - @@ -f script a.txt
        - @@ --file=script a.txt
        - @@ 'w out' a.txt
        - @@ 's/a/b/w out' a.txt
        - @@ 's/a/b/e' a.txt
        - @@ 1e a.txt
        - @@ 'r /etc/passwd' a.txt
        - @@ 'R x' a.txt
        - @@ 'W out' a.txt
        - @@ -l 'w out' p
        - @@ -l5 'w out' a.txt
        - @@ -e p -e 'w out' a.txt
        - @@ --expression='w out' a.txt
        - @@ -- 'w out' a.txt
        awk gawk mawk nawk
        + @@ -F: '{print $1}' a.txt
        - @@ -f prog a.txt
        - @@ --file=prog a.txt
        - @@ -i inplace 1 a.txt
        - @@ -l ext 1 a.txt
        - @@ -E prog
        - @@ 'BEGIN{system("x")}'
        - @@ '{print | "x"}' a.txt
        - @@ '{print > "out"}' a.txt
        - @@ 'BEGIN{while((getline l < "f")) print l}'
        - @@ '@load "x"'
        - @@ 'BEGIN{print ENVIRON["HOME"]}'
        - @@ -W exec=prog 1
        - @@ -o out 1 a.txt
        - @@ -d 1 a.txt
        - @@ -p 1 a.txt
        tar gtar bsdtar
        + @@ -tf a.tar
        + @@ tzf a.tgz
        - @@ -xf a.tar --to-command=./x
        - @@ -xf a.tar --to-com ./x
        - @@ -cf a.tar --checkpoint=1 --checkpoint-action=exec=./x .
        - @@ -I ./x -xf a.tar
        - @@ -xfa.tar -I./x
        - @@ xfI a.tar ./x
        - @@ cfF a.tar ./x .
        - @@ --use-compress-program=./x -xf a.tar
        - @@ -F ./x -xf a.tar
        - @@ --info-script=./x -xf a.tar
        - @@ --rsh-command=./x -xf a.tar
        - @@ --rmt-command=./x -xf a.tar
        - @@ -xf host:a.tar
        - @@ -T a.txt -cf a.tar
        - @@ -xPf a.tar
        - @@ --absolute-names -xf a.tar
        - @@ --remove-files -cf a.tar x
        man
        + man -k x
        - man -P ./x ls
        - man --pager=./x ls
        - man -H./x ls
        - man --html=./x ls
        - man -C a.conf ls
        zip
        + zip -r out.zip src
        - zip -T -TT ./x out.zip a.txt
        - zip -rT out.zip a.txt
        - zip --unzip-command=./x out.zip a
        - zip -m out.zip a.txt
        unzip
        + unzip -l a.zip
        - unzip -: a.zip
        - unzip -K a.zip
        ssh
        + ssh -p 22 host
        - ssh -o ProxyCommand=./x host
        - ssh -oProxyCommand=./x host
        - ssh -F a.conf host
        - ssh -E out host
        - ssh -vE out host
        - ssh -i key host
        scp
        + scp -r a.txt host:b
        - scp -S ./x a.txt host:b
        - scp -rS ./x a.txt host:b
        - scp -o ProxyCommand=./x a host:b
        - scp -F a.conf a host:b
        - scp -J other a host:b
        - scp -D ./x a host:b
        sftp
        + sftp -P 22 host
        - sftp -S ./x host
        - sftp -b a.txt host
        - sftp -D ./x
        - sftp -o ProxyCommand=./x host
        - sftp -F a.conf host
        rsync
        + rsync -av src/ out/
        - rsync -e ./x a host:b
        - rsync -ave ./x a host:b
        - rsync --rsh=./x a host:b
        - rsync --rsync-path=./x a host:b
        - rsync --files-from=a.txt . out
        - rsync --daemon
        - rsync --config=a.conf a b
        - rsync -M--x a host:b
        curl
        + curl -sS https://example.com/
        - curl -o out https://example.com/
        - curl -sSo out https://example.com/
        - curl -O https://example.com/x
        - curl --output out https://example.com/
        - curl -d @a.txt https://example.com/
        - curl --data-binary @a.txt https://example.com/
        - curl -T a.txt https://example.com/
        - curl -F f=@a.txt https://example.com/
        - curl -K a.conf
        - curl --config a.conf
        - curl -H @a.txt https://example.com/
        - curl -H@a.txt https://example.com/
        - curl -sH@a.txt https://example.com/
        - curl --header @a.txt https://example.com/
        - curl -x http://p https://example.com/
        - curl -D out https://example.com/
        - curl -c out https://example.com/
        - curl -b a.txt https://example.com/
        - curl -w @a.txt https://example.com/
        - curl --trace out https://example.com/
        - curl --unix-socket /run/x http://localhost/
        - curl file:///etc/hosts
        - curl FILE:/etc/hosts
        - curl '[f-f]ile:/etc/hosts'
        - curl '{file:/etc/hosts}'
        - curl -k https://example.com/
        wget
        + wget -q --spider https://example.com/
        - wget -O out https://example.com/
        - wget -qO out https://example.com/
        - wget --use-askpass=./x https://example.com/
        - wget -e use_askpass=./x https://example.com/
        - wget -i a.txt
        - wget --post-file=a.txt https://example.com/
        - wget -o out https://example.com/
        fd
        + fd -e cs x src
        - fd -x touch
        - fd -X touch
        - fd -Hx touch
        - fd --exec touch
        - fd --exec-batch touch
        - fd --ignore-file a x
        find gfind
        + @@ . -name '*.cs' -type f
        - @@ . -delete
        - @@ . -exec touch x ';'
        - @@ . -execdir touch x ';'
        - @@ . -ok touch x ';'
        - @@ . -okdir touch x ';'
        - @@ . -fprint out
        - @@ . -fprint0 out
        - @@ . -fprintf out x
        - @@ . -fls out
        - @@ -files0-from a.txt
        git
        + git log --oneline -5
        + git status --short
        - git log --output=x
        - git -c core.pager=./x log
        - git -C .. log
        - git --exec-path=. log
        - git foo
        - git diff --no-index a b
        - git diff -Oa.txt
        - git bisect run ./x
        - git rebase -x ./x
        - git rebase --exec ./x
        - git submodule foreach ./x
        - git config alias.x '!x'
        - git clone -u ./x h
        - git clone -c a=b h
        - git clone ext::./x
        - git fetch --upload-pack=./x
        - git push --receive-pack=./x
        - git archive -o out HEAD
        - git format-patch -o out HEAD
        - git grep -O./x y
        - git difftool x
        vi vim nvim view nano emacs less more pico
        + @@ a.txt
        - @@ -c x a.txt
        - @@ '+!x' a.txt
        - @@ --cmd x a.txt
        printf
        + printf '%s' x
        - printf -v x y
        read let declare typeset export local readonly mapfile readarray compgen complete compopt bind enable alias unalias shopt set unset hash fc history getopts wait
        - @@ x
        - @@ 'a[$(x)]=1'
        [[
        - /bin/[[ -v x ]]
        tee dd split csplit openssl dc m4 ed ex expect sqlite3 nc ncat socat telnet ftp
        - @@ x
        - @@ -e x
        """;
}
