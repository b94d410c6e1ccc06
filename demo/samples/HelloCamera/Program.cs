// A window, a camera, a model: what the webcam shows, with a box around each written digit.
//   dotnet run --project demo/samples/HelloCamera -c Release
using RealtimeCnn.App;

using var app = CameraApp.Open("camera:0", "digit-finder.onnx");
app.Run(frame => frame.Overlay.Boxes(frame.Detections));
