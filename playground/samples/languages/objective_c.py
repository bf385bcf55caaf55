"""Objective-C with NSURLSession."""

from playground.samples.multipart import BOUNDARY, written
from playground.samples.request import Part, Request
from playground.samples.spelling import by_line, by_octal, quoted

READER = """@interface Reader : NSObject <NSURLSessionDataDelegate>
@property dispatch_semaphore_t done;
@end

@implementation Reader
- (void)URLSession:(NSURLSession *)session dataTask:(NSURLSessionDataTask *)task didReceiveData:(NSData *)data {
  fwrite(data.bytes, 1, data.length, stdout);
  fflush(stdout);
}
- (void)URLSession:(NSURLSession *)session task:(NSURLSessionTask *)task didCompleteWithError:(NSError *)error {
  dispatch_semaphore_signal(self.done);
}
@end
"""


def write(request: Request) -> str:
    lines = ["// clang -fobjc-arc -framework Foundation call.m -o call", "#import <Foundation/Foundation.h>", ""]
    lines += [READER] if request.streaming and not request.saves_to else []
    steps = [*_request(request), *_body(request), "", *_send(request)]
    main = [
        "int main(void) {",
        "  @autoreleasepool {",
        *(f"    {step}" if step else "" for step in steps),
        "  }",
        "}",
        "",
    ]
    return "\n".join([*lines, *main])


def _request(request: Request) -> list[str]:
    name, before = request.key_header
    key = f'[NSString stringWithFormat:@"%@%s", {_quoted(before)}, getenv("{request.key_variable}")]'
    headers = [(_quoted(name), _quoted(value)) for name, value in request.headers]
    if request.form:
        headers.append(('@"Content-Type"', _quoted(f"multipart/form-data; boundary={BOUNDARY}")))
    url = f"[NSURL URLWithString:{_quoted(request.url)}]"
    return [
        f"NSMutableURLRequest *request = [NSMutableURLRequest requestWithURL:{url}];",
        f"request.HTTPMethod = {_quoted(request.method)};",
        "request.timeoutInterval = 600;",
        f"[request setValue:{key} forHTTPHeaderField:{_quoted(name)}];",
        *(f"[request setValue:{value} forHTTPHeaderField:{name}];" for name, value in headers),
    ]


def _body(request: Request) -> list[str]:
    if request.form:
        pieces = [f"[body appendData:{piece}];" for piece in written(request.form, _file, _bytes)]
        return ["NSMutableData *body = [NSMutableData data];", *pieces, "request.HTTPBody = body;"]
    if request.body is None:
        return []
    lines = "\n        ".join(_quoted(line) for line in by_line(request.text))
    return [
        f"NSString *body =\n        {lines};",
        "request.HTTPBody = [body dataUsingEncoding:NSUTF8StringEncoding];",
    ]


def _file(part: Part) -> str:
    return f"[NSData dataWithContentsOfFile:{_quoted(part.file)}]"


def _bytes(text: str) -> str:
    return f"[{_quoted(text)} dataUsingEncoding:NSUTF8StringEncoding]"


def _send(request: Request) -> list[str]:
    wait = "dispatch_semaphore_wait({}, DISPATCH_TIME_FOREVER);"
    if request.streaming and not request.saves_to:
        return [
            "Reader *reader = [Reader new];",
            "reader.done = dispatch_semaphore_create(0);",
            "NSURLSessionConfiguration *settings = NSURLSessionConfiguration.defaultSessionConfiguration;",
            "NSURLSession *session = [NSURLSession sessionWithConfiguration:settings delegate:reader delegateQueue:nil];",
            "[[session dataTaskWithRequest:request] resume];",
            wait.format("reader.done"),
        ]
    kept = f"[data writeToFile:{_quoted(request.saves_to)} atomically:YES];"
    return [
        "dispatch_semaphore_t done = dispatch_semaphore_create(0);",
        "[[NSURLSession.sharedSession dataTaskWithRequest:request",
        "    completionHandler:^(NSData *data, NSURLResponse *response, NSError *error) {",
        f"      {kept if request.saves_to else 'fwrite(data.bytes, 1, data.length, stdout);'}",
        "      dispatch_semaphore_signal(done);",
        "    }] resume];",
        wait.format("done"),
    ]


def _quoted(text: str) -> str:
    # "??/" and its like are read as other signs by some compilers.
    return "@" + quoted(text, by_octal).replace("??", "?\\?")
